import type { MissingLibrary } from '../loader/dynamic-loader.ts'
import type { ElfBinary, PlatformImage } from '../platform-image.ts'
import type { PlatformRule } from '../rule.ts'

/** A program or addon that needs a library which the loader does not find. */
export const missingLibrary: PlatformRule = {
  id: 'image/missing-library',
  severity: 'error',
  *check(image) {
    for (const [first, ...others] of missingLibraries(image)) {
      const { binary, missing } = first
      const { name, neededBy, searched, refused } = missing
      const through = neededBy.node === binary.file ? '' : ` (through ${neededBy.node.path})`
      const also = others.length === 0 ? '' : `; so do ${others.length} more`
      yield {
        file: binary.file,
        message: `needs ${name}${through}, ${refused ? `for which the loader takes ${refused.path}, and cannot load it` : 'which the loader does not find'}${also}`,
        hint: hintFor(image, missing),
        details: {
          library: name,
          neededBy: neededBy.node.path,
          searched,
          ...(refused ? { refused: refused.path } : {}),
          ...(also ? { also: others.slice(0, 20).map((other) => other.binary.file.path) } : {}),
        },
      }
    }
  },
}

interface Miss {
  binary: ElfBinary
  missing: MissingLibrary
}

/** By library and npm package: one absent library of a base is missed by every program that was linked to it. */
function missingLibraries(image: PlatformImage): Iterable<[Miss, ...Miss[]]> {
  const groups = new Map<string, [Miss, ...Miss[]]>()
  for (const binary of nodeFirst(image)) {
    if (!loadsAtAll(image, binary)) continue
    for (const missing of image.loadingOf(binary)?.missing ?? []) {
      const key = `${missing.name}\0${binary.package?.folder ?? ''}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [{ binary, missing }])
      else if (group.at(-1)?.binary !== binary) group.push({ binary, missing })
    }
  }
  return groups.values()
}

/** Node is what the image is there for. */
function nodeFirst({ sound, node }: PlatformImage): ElfBinary[] {
  const rank = ({ file }: ElfBinary) => (file.path === node?.file.path ? 0 : 1)
  return [...sound].sort((a, b) => rank(a) - rank(b))
}

/** Where the C library does not fit, or the loader is missing, another rule has said what matters. */
function loadsAtAll({ tree, libc }: PlatformImage, { content: { elf } }: ElfBinary): boolean {
  if (elf.addon) return elf.libc === undefined || elf.libc === libc
  return elf.interpreter !== undefined && tree.find(elf.interpreter) !== undefined
}

/** Debian packages of libraries that addons are known to need. */
const debianPackages: Record<string, string> = {
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
  'libatomic.so.1': 'libatomic1',
  'libgomp.so.1': 'libgomp1',
  'libpq.so.5': 'libpq5',
  'libsasl2.so.2': 'libsasl2-2',
  'libssl.so.3': 'libssl3',
  'libcrypto.so.3': 'libssl3',
  'libz.so.1': 'zlib1g',
  'libzstd.so.1': 'libzstd1',
  'libcurl.so.4': 'libcurl4',
  'libudev.so.1': 'libudev1',
  'libusb-1.0.so.0': 'libusb-1.0-0',
  'libsecret-1.so.0': 'libsecret-1-0',
  'libgssapi_krb5.so.2': 'libgssapi-krb5-2',
  'libcairo.so.2': 'libcairo2',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libpangocairo-1.0.so.0': 'libpangocairo-1.0-0',
  'libjpeg.so.62': 'libjpeg62-turbo',
  'libpng16.so.16': 'libpng16-16',
  'libgif.so.7': 'libgif7',
  'librsvg-2.so.2': 'librsvg2-2',
  'libfontconfig.so.1': 'libfontconfig1',
  'libX11.so.6': 'libx11-6',
  'libvips.so.42': 'libvips42',
}
const alpinePackages: Record<string, string> = {
  'libstdc++.so.6': 'libstdc++',
  'libgcc_s.so.1': 'libgcc',
  'libgomp.so.1': 'libgomp',
  'libpq.so.5': 'libpq',
  'libssl.so.3': 'libssl3',
  'libcrypto.so.3': 'libcrypto3',
  'libz.so.1': 'zlib',
  'libzstd.so.1': 'zstd-libs',
  'libfontconfig.so.1': 'fontconfig',
}

function hintFor(image: PlatformImage, { name, neededBy, searched, refused }: MissingLibrary): string {
  if (refused) return `remove ${refused.path}, or put a library for this platform in its place`
  for (const node of image.tree.nodes()) {
    if (!node.path.endsWith(`/${name}`)) continue
    const { architecture } = node.content?.kind === 'elf' ? node.content.elf : {}
    if (architecture !== neededBy.elf.architecture) continue
    return `${node.path} is in the image, but the loader looks only in ${searched.join(', ')}: run ldconfig after copying it, or set LD_LIBRARY_PATH`
  }
  const known = (image.libc === 'musl' ? alpinePackages : debianPackages)[name]
  const install = image.libc === 'musl' ? `apk add ${known}` : `apt-get install ${known}`
  return known
    ? `install it in the final stage: ${install}`
    : `install the package with ${name} in the final stage, not only in the build stage`
}
