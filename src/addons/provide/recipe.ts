import type { AddonTask } from './addon-task.ts'

/** How a package is compiled where `node-gyp rebuild` alone does not do. */
export interface AddonRecipe {
  /** Debian packages with the headers and libraries that it is compiled against */
  packages?: readonly string[]
  /** variables of its build */
  env?: Readonly<Record<string, string>>
  /** further arguments of node-gyp */
  args?: readonly string[]
  /** a shell command instead of `node-gyp rebuild …`, run in the package's folder; `node-gyp` in it is set up for the target */
  script?: string
  /** programs that its build asks for the place of a library, with what they answer about the sysroot */
  shims?: Readonly<Record<string, string>>
  /** libraries that it opens by name at run time */
  opens?: readonly string[]
  /** node-gyp's own `make` does one thing after the other: what binding.gyp says of what needs what is wrong */
  inOrder?: boolean
  /** calls of the compiler at once */
  jobs?: number
}

/** How many calls of the compiler node-gyp's own `make` may have at once. */
export function gypJobs({ inOrder }: AddonRecipe, jobs: number): number {
  return inOrder ? 1 : jobs
}

/** Shell text: `$SYSROOT` and `$TUPLE` are set where it runs. */
const pgConfig = `case "$1" in
  --includedir) echo "$SYSROOT/usr/include/postgresql" ;;
  --libdir) echo "$SYSROOT/usr/lib/$TUPLE" ;;
  --libs) echo '-lpq' ;;
esac
`

const krb5Config = `for word in "$@"; do
  case "$word" in
    --libs) echo "-L$SYSROOT/usr/lib/$TUPLE/mit-krb5 -L$SYSROOT/usr/lib/$TUPLE -lgssapi_krb5 -lkrb5 -lk5crypto -lcom_err" ;;
    --cflags) echo "-I$SYSROOT/usr/include/mit-krb5 -I$SYSROOT/usr/include" ;;
  esac
done
`

const librdkafka: AddonRecipe = {
  // Without one of these librdkafka's configure goes on, and leaves SSL, SASL or a compression out.
  packages: ['libssl-dev', 'libsasl2-dev', 'zlib1g-dev', 'libzstd-dev', 'liblz4-dev'],
  inOrder: true,
}

const recipes: Readonly<Record<string, AddonRecipe>> = {
  '@confluentinc/kafka-javascript': { ...librdkafka, env: { CKJS_LINKING: 'dynamic' } },
  canvas: {
    packages: ['libcairo2-dev', 'libpango1.0-dev', 'libjpeg-dev', 'libpng-dev', 'libgif-dev', 'librsvg2-dev'],
  },
  // Its binding.gyp reads what this step finds out with the compiler.
  'cpu-features': { script: 'node buildcheck.js > buildcheck.gypi && node-gyp rebuild' },
  kerberos: {
    packages: ['libkrb5-dev'],
    shims: { 'krb5-config': krb5Config },
    opens: ['libgssapi_krb5.so.2'],
  },
  keytar: { packages: ['libsecret-1-dev'] },
  libpq: { packages: ['libpq-dev'], shims: { pg_config: pgConfig } },
  'node-rdkafka': librdkafka,
  odbc: { packages: ['unixodbc-dev'] },
  ssh2: { script: 'cd lib/protocol/crypto && node-gyp rebuild' },
}

/** What is known of a package, what its build asks for, and what the configuration says. */
export function recipeOf({ package: { name }, addon, settings }: AddonTask): AddonRecipe {
  const builtIn = recipes[name] ?? {}
  const { packages, env, args, script, jobs } = settings
  const asked = addon.needs?.systemLibraries.map(({ debianDev }) => debianDev) ?? []
  return {
    ...builtIn,
    ...(script ? { script } : {}),
    ...(jobs ? { jobs } : {}),
    packages: [...new Set([...(builtIn.packages ?? []), ...asked, ...(packages ?? [])])].sort(),
    env: { ...builtIn.env, ...env },
    args: [...(builtIn.args ?? []), ...(args ?? [])],
  }
}
