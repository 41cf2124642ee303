import type { NpmTarget } from '../lockfile/index.ts'

/** This machine and the Node that runs us, in npm's names. */
export function hostTarget(): NpmTarget {
  const { platform, arch, versions } = process
  const libc = platform === 'linux' ? { libc: hostLibc() } : {}
  return { os: platform, cpu: arch, ...libc, nodeVersion: versions.node }
}

function hostLibc(): 'glibc' | 'musl' {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean }
  const { excludeNetwork } = report
  // Otherwise a report looks up the names of all network peers, which may take seconds.
  report.excludeNetwork = true
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } }
  report.excludeNetwork = excludeNetwork
  return header?.glibcVersionRuntime ? 'glibc' : 'musl'
}
