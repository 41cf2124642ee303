/** Disk space, clock, certificates: what breaks a build although nothing about it is wrong. */
import { X509Certificate } from 'node:crypto'
import { readFile, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CodedError, messageOf } from '../../base/index.ts'
import type { Diagnosis } from '../diagnosis.ts'
import type { DoctorSettings } from '../ports.ts'
import type { EngineFacts } from './engine.ts'

const scarce = 5e9
const tooLittle = 1e9

export async function diagnoseDisk(
  { cacheFolder }: DoctorSettings,
  engine: EngineFacts | CodedError,
): Promise<Diagnosis[]> {
  const folders = [
    {
      path: cacheFolder,
      whose: 'everyarch’s cache',
      repair: `remove what is not needed below ${cacheFolder}`,
    },
  ]
  if (!(engine instanceof CodedError) && engine.folder)
    folders.push({ path: engine.folder, whose: 'Docker', repair: 'docker buildx prune; docker system prune' })
  const diagnoses: Diagnosis[] = []
  for (const { path, whose, repair } of folders) {
    const free = await freeBytes(path)
    if (free === undefined) continue
    const text = `${(free / 1e9).toFixed(1)} GB free for ${whose}`
    if (free >= scarce) diagnoses.push({ check: 'disk', verdict: 'ok', text })
    else {
      const verdict = free < tooLittle ? 'error' : 'warning'
      const meaning = 'images of several platforms take some gigabytes while they are built'
      diagnoses.push({ check: 'disk', verdict, text, meaning, repair })
    }
  }
  return diagnoses
}

/** Of the folder, or of the nearest one above it that exists. */
async function freeBytes(path: string): Promise<number | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const info = await statfs(folder).catch(() => undefined)
    if (info) return info.bavail * info.bsize
    if (folder === dirname(folder)) return undefined
  }
}

const tolerance = 60_000
/** This was written later than that: a clock before it is wrong. */
const past = Date.UTC(2026, 0, 1)

export function diagnoseClock({ now }: DoctorSettings, engine: EngineFacts | CodedError): Diagnosis {
  const here = now()
  const wrong = (text: string, meaning: string): Diagnosis => ({
    check: 'clock',
    verdict: 'error',
    text,
    meaning,
    repair: 'set the clock: sudo timedatectl set-ntp true (a virtual machine of Docker: restart it)',
  })
  if (here.getTime() < past) {
    return wrong(
      `the clock says ${here.toISOString()}`,
      'certificates look as if they were not valid yet, and package indexes as if they came from the future',
    )
  }
  if (!(engine instanceof CodedError) && engine.time) {
    const difference = Math.abs(engine.time.getTime() - here.getTime())
    if (difference > tolerance) {
      return wrong(
        `the engine’s clock is ${Math.round(difference / 1000)} s away from this machine’s`,
        'tokens of registries may be refused as expired, and apt refuses package indexes of the future',
      )
    }
  }
  return { check: 'clock', verdict: 'ok', text: `the clock says ${here.toISOString().slice(0, 16)}Z` }
}

/** The certificates that this machine adds to Node's own. */
export async function diagnoseCertificates({ docker, now }: DoctorSettings): Promise<Diagnosis[]> {
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = docker.env
  const files = [...new Set([NODE_EXTRA_CA_CERTS, SSL_CERT_FILE])].filter((file): file is string =>
    Boolean(file),
  )
  if (files.length === 0) {
    return [{ check: 'certificates', verdict: 'ok', text: 'Node’s own list of certificate authorities' }]
  }
  const diagnoses: Diagnosis[] = []
  for (const file of files) diagnoses.push(await judgeFile(file, now()))
  return diagnoses
}

async function judgeFile(file: string, now: Date): Promise<Diagnosis> {
  const broken = (why: string): Diagnosis => ({
    check: 'certificates',
    verdict: 'error',
    text: `${file}: ${why}`,
    meaning:
      'registries behind a proxy that signs connections anew cannot be trusted: self-signed certificate',
    repair: 'export NODE_EXTRA_CA_CERTS=FILE, with a PEM file of your authority',
  })
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return broken(messageOf(error))
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) return broken('it holds no certificate')
  const valid = blocks.filter((block) => isValid(block, now)).length
  if (valid === 0) return broken('none of its certificates is valid today')
  return {
    check: 'certificates',
    verdict: 'ok',
    text: `${valid} certificate authorities from ${file}`,
    meaning:
      'RUN steps do not see them: pass the file on with --secret and NODE_EXTRA_CA_CERTS, where the network needs it',
  }
}

function isValid(block: string, now: Date): boolean {
  try {
    const certificate = new X509Certificate(block)
    return new Date(certificate.validTo) > now && new Date(certificate.validFrom) <= now
  } catch {
    return false
  }
}
