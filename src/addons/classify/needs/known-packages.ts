/**
 * What the files of a few widely used packages do not tell: libraries that their own configure scripts look for, what their
 * scripts download, which processors they refuse. The way that a package comes by its native code is never decided here.
 */
import { satisfies } from 'semver'
import type { LockedPackage } from '../../../lockfile/index.ts'

export interface KnownPackage {
  /** versions of the package that this is about */
  range?: string
  /** libraries of the table that compiling it links, beyond what its build names */
  libraries?: readonly string[]
  /** libraries that its build names for a way of building that is not the default one */
  notNeeded?: readonly string[]
  /** programs that compiling it takes */
  tools?: readonly string[]
  /** why a service can do without its binary */
  optional?: string
  /** what its script downloads instead of an addon, and the variable that makes it not do so */
  payload?: { what: string; skip: string }
  /** processors, as OCI names them, that it has nothing for, with the reason */
  refuses?: { architectures: readonly string[]; because: string }
  /** what else must be known */
  notes?: readonly string[]
}

const kafka = ['openssl', 'zlib', 'sasl', 'zstd', 'curl']
const kafkaNote =
  'librdkafka leaves out TLS, SASL or a compression whose library is missing when it is compiled, without an error'

const known: Readonly<Record<string, KnownPackage>> = {
  'node-rdkafka': {
    libraries: kafka,
    notNeeded: ['librdkafka'],
    tools: ['bash', 'perl'],
    notes: [kafkaNote],
  },
  '@confluentinc/kafka-javascript': {
    libraries: kafka,
    notNeeded: ['librdkafka'],
    tools: ['bash', 'perl'],
    notes: [kafkaNote],
  },
  kerberos: {
    libraries: ['kerberos'],
    notes: ['it loads libgssapi_krb5.so.2 when it is first used: the image needs that library'],
  },
  zeromq: {
    notNeeded: ['zeromq'],
    tools: ['git', 'curl', 'zip', 'unzip'],
    notes: ['compiling it downloads the sources of libzmq with vcpkg'],
  },
  canvas: { tools: ['pkg-config'] },
  'mongodb-client-encryption': {
    tools: ['git', 'cmake'],
    notes: ['compiling it takes libmongocrypt, which its tarball does not hold'],
  },
  ibm_db: {
    refuses: {
      architectures: ['arm64', 'arm', 'riscv64', 'loong64', '386'],
      because: 'IBM has no Db2 client (clidriver) for it',
    },
    notes: ['its script also downloads the Db2 client for the machine that it runs on'],
  },
  '@tensorflow/tfjs-node': {
    notes: ['its script downloads libtensorflow for the machine that it runs on, and nothing steers it'],
  },
  oracledb: { range: '>=6', optional: 'its thin mode is plain JavaScript' },
  'cpu-features': { notes: ['its buildcheck.js runs before node-gyp, with the compiler in $CC'] },
  'onnxruntime-node': {
    notes: [
      'its script downloads CUDA libraries for the machine that it runs on: ONNXRUNTIME_NODE_INSTALL=skip',
    ],
  },
  puppeteer: {
    payload: { what: 'a browser', skip: 'PUPPETEER_SKIP_DOWNLOAD=1' },
    optional: 'the browser can be another one: PUPPETEER_SKIP_DOWNLOAD=1',
    refuses: { architectures: ['arm64', 'arm'], because: 'it downloads the x86-64 build of Chrome there' },
  },
  cypress: { payload: { what: 'the Cypress application', skip: 'CYPRESS_INSTALL_BINARY=0' } },
  electron: { payload: { what: 'Electron', skip: 'ELECTRON_SKIP_BINARY_DOWNLOAD=1' } },
  chromedriver: { payload: { what: 'ChromeDriver', skip: 'CHROMEDRIVER_SKIP_DOWNLOAD=true' } },
  geckodriver: { payload: { what: 'geckodriver', skip: 'GECKODRIVER_SKIP_DOWNLOAD=1' } },
  'ffmpeg-static': { payload: { what: 'ffmpeg', skip: 'FFMPEG_BIN=/usr/bin/ffmpeg' } },
  'mongodb-memory-server': {
    payload: { what: 'MongoDB', skip: 'MONGOMS_DISABLE_POSTINSTALL=1' },
  },
  '@prisma/engines': {
    payload: {
      what: "Prisma's engines",
      skip: 'PRISMA_SKIP_POSTINSTALL_GENERATE=1; PRISMA_CLI_BINARY_TARGETS names the platforms',
    },
  },
}

/** What is known of a package; undefined for most. */
export function knownPackage({
  name,
  version,
}: Pick<LockedPackage, 'name' | 'version'>): KnownPackage | undefined {
  const found = Object.hasOwn(known, name) ? known[name] : undefined
  if (!found?.range) return found
  return version !== undefined && satisfies(version, found.range) ? found : undefined
}
