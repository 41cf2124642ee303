/** From diagnoses to repairs, in the way that the machine's users do them. */
import type { Diagnosis } from '../diagnosis.ts'
import type { Repair } from './repair.ts'

export interface RepairFacts {
  /** may install packages and register handlers */
  root: boolean
  /** a Debian or Ubuntu: packages come from apt */
  apt: boolean
  /** binfmt_misc is mounted */
  mounted: boolean
  /** a Docker engine answers: it can run the helper container */
  engine: boolean
  /** a builder of our own is there already */
  ownBuilder: boolean
}

/** QEMU's names of architectures. */
const emulators: Readonly<Record<string, string>> = {
  amd64: 'qemu-x86_64',
  386: 'qemu-i386',
  arm64: 'qemu-aarch64',
  arm: 'qemu-arm',
  ppc64le: 'qemu-ppc64le',
  s390x: 'qemu-s390x',
  riscv64: 'qemu-riscv64',
  loong64: 'qemu-loongarch64',
}

/** The builder that setup makes. */
export const ownBuilder = 'everyarch'

export interface RepairPlan {
  repairs: Repair[]
  /** what has to be done by hand, with the command */
  byHand: Diagnosis[]
}

export function planRepairs(diagnoses: readonly Diagnosis[], facts: RepairFacts): RepairPlan {
  const repairs = new Map<string, Repair>()
  const byHand: Diagnosis[] = []
  for (const diagnosis of diagnoses) {
    if (diagnosis.verdict === 'ok') continue
    const repair = diagnosis.fix && repairOf(diagnosis.fix, facts)
    if (repair) repairs.set(repair.title, repair)
    else byHand.push(diagnosis)
  }
  return { repairs: [...repairs.values()], byHand }
}

function repairOf(fix: NonNullable<Diagnosis['fix']>, facts: RepairFacts): Repair | undefined {
  return fix.kind === 'emulator' ? emulatorRepair(fix.architecture, facts) : builderRepair(facts)
}

function emulatorRepair(
  architecture: string,
  { root, apt, mounted, engine }: RepairFacts,
): Repair | undefined {
  const handler = emulators[architecture]
  if (handler === undefined) return undefined
  const title = `register QEMU for ${architecture}`
  if (root && apt) {
    const mount = ['mount', '-t', 'binfmt_misc', 'none', '/proc/sys/fs/binfmt_misc']
    return {
      title,
      steps: [
        ...(mounted ? [] : [{ kind: 'run' as const, command: mount }]),
        {
          kind: 'run',
          command: ['apt-get', 'install', '--yes', '--no-install-recommends', 'qemu-user-static'],
        },
        { kind: 'register', architecture, handler },
      ],
    }
  }
  if (!engine) return undefined
  const command = ['docker', 'run', '--privileged', '--rm', 'tonistiigi/binfmt', '--install', architecture]
  return { title, steps: [{ kind: 'run', command }] }
}

function builderRepair({ engine, ownBuilder: exists }: RepairFacts): Repair | undefined {
  if (!engine) return undefined
  const title = 'make a builder for several platforms'
  if (exists) {
    return {
      title,
      steps: [
        { kind: 'run', command: ['docker', 'buildx', 'inspect', '--bootstrap', ownBuilder] },
        { kind: 'run', command: ['docker', 'buildx', 'use', ownBuilder] },
      ],
    }
  }
  const create = [
    'docker',
    'buildx',
    'create',
    '--name',
    ownBuilder,
    '--driver',
    'docker-container',
    '--bootstrap',
  ]
  return {
    title,
    steps: [
      { kind: 'undo', command: ['docker', 'buildx', 'rm', '--force', ownBuilder] },
      { kind: 'run', command: create },
      { kind: 'run', command: ['docker', 'buildx', 'use', ownBuilder] },
    ],
  }
}
