/** Lines that give a cause away, most telling first. */
import type { Cause } from './cause.ts'

export interface Sign {
  pattern: RegExp
  cause: (match: RegExpExecArray, platform: string) => Cause
}

export const signs: readonly Sign[] = [
  {
    pattern:
      /dependency failed to start: container (?:everyarch-[0-9a-f]+-)?(\S+?)(?:-\d+)? (is unhealthy|exited \(\d+\)|.+)/,
    cause: ([, service = '', what = '']) => ({
      code: 'dependency-failed',
      text: `the service ${service} of the compose file, which it depends on, did not get ready: ${what}`,
      hint: 'the last lines of its log follow; it has to run on its own with "docker compose up"',
    }),
  },
  {
    pattern:
      /(?:pull access denied for|manifest for|no matching manifest for|failed to resolve reference) "?([^\s",]+)/,
    cause: ([, image = '']) => ({
      code: 'dependency-missing',
      text: `an image of the compose file cannot be pulled: ${image}`,
      hint: 'check its name, log in to its registry, or build it before',
    }),
  },
  {
    pattern: /exec format error/i,
    cause: (_, platform) => ({
      code: 'exec-format',
      text: `exec format error: the program is not made for ${platform}, or is a script without a #! line`,
      hint: 'run "everyarch verify" on the image: it names the files of a wrong architecture; a script needs #!/bin/sh as its first bytes',
    }),
  },
  {
    pattern: /version [`'](GLIBC_[\d.]+|GLIBCXX_[\d.]+|CXXABI_[\d.]+)' not found/,
    cause: ([, version = '']) => ({
      code: 'libc-version',
      text: `it needs ${version}, and the image's C library is older`,
      hint: 'use a newer base image (Debian 12 has glibc 2.36, Debian 13 has 2.41), or compile the addon on the base that it runs on',
    }),
  },
  {
    pattern: /Error (?:loading shared library|relocating) ([^:\s]+): (.+)/,
    cause: ([, library = '', what = '']) => ({
      code: 'missing-library',
      text: `the loader of musl does not get along with ${library}: ${what}`,
      hint: 'it was compiled for glibc, and the image is Alpine: install the musl build of the package, or use a Debian base',
    }),
  },
  {
    pattern: /([^\s:]+): cannot open shared object file: No such file or directory/,
    cause: ([, library = ''], platform) =>
      library.endsWith('.node')
        ? {
            code: 'wrong-addon',
            text: `${library} is there but cannot be loaded: it was compiled for another CPU than ${platform}, or a library that it needs is missing`,
            hint: 'run "everyarch verify" on the image: it tells which of the two, and where the file came from',
          }
        : {
            code: 'missing-library',
            text: `the shared library ${library} is not in the image, or only for another CPU than ${platform}`,
            hint: `install the package that has ${library} in the last stage of the image (apt-file search ${library})`,
          },
  },
  {
    pattern: /invalid ELF header|wrong ELF class|file too short/,
    cause: (_, platform) => ({
      code: 'wrong-addon',
      text: `a native addon is no ELF file for ${platform}: it was copied from another system, or cut off`,
      hint: 'keep node_modules out of the build context (.dockerignore), and install for the platform of the image',
    }),
  },
  {
    pattern: /NODE_MODULE_VERSION (\d+)\. This version of Node\.js requires/,
    cause: ([, abi = '']) => ({
      code: 'node-abi',
      text: `a native addon was compiled for another Node.js (NODE_MODULE_VERSION ${abi})`,
      hint: 'build it with the Node.js major of the image',
    }),
  },
  {
    pattern: /(?:EADDRINUSE|address already in use).*?(?::(\d+))?$/i,
    cause: ([, port]) => ({
      code: 'port-in-use',
      text: `port ${port ?? ''} is used already`.replace('  ', ' '),
      hint: 'the service starts two listeners, or (without a container engine) something on this machine listens there: stop it, or use Docker or podman, which give the container its own network',
    }),
  },
  {
    pattern: /EROFS: read-only file system, (\w+ '[^']+')/,
    cause: ([, what = '']) => ({
      code: 'read-only',
      text: `the root file system is read-only: ${what}`,
      hint: 'write to a volume or to /tmp',
    }),
  },
  {
    pattern: /EACCES: permission denied, (\w+ '[^']+')/,
    cause: ([, what = '']) => ({
      code: 'permission',
      text: `the image's user may not do this: ${what}`,
      hint: 'give the files to that user in the image (COPY --chown), or write elsewhere',
    }),
  },
  {
    pattern: /Cannot find (?:module|package) '([^']+)'/,
    cause: ([, module = ''], platform) => ({
      code: 'module-missing',
      text: `${module} is not in the image for ${platform}`,
      hint: module.startsWith('/')
        ? "check the entrypoint's path, and that the build's output was copied into the image"
        : 'it may be a development dependency, or an optional dependency of another platform: run "everyarch check" on the lockfile',
    }),
  },
  {
    pattern:
      /exec[^\n]*?[:"`\s](\/?[\w./-]+)[`"]?:? ?(?:stat [^:]+: )?(?:executable file not found|no such file or directory|not found)|failed to execute (\S+): No such file/i,
    cause: ([, named, other]) => ({
      code: 'program-missing',
      text: `${named ?? other} is not in the image (or its loader is not)`,
      hint: 'check ENTRYPOINT and CMD; a program of glibc does not start in Alpine, and a script needs its interpreter in the image',
    }),
  },
  {
    pattern: /(?:exec|execute)[^\n]*permission denied/i,
    cause: () => ({
      code: 'not-executable',
      text: "the program may not be executed by the image's user",
      hint: 'set its mode in the image (COPY --chmod=755)',
    }),
  },
  {
    pattern: /JavaScript heap out of memory|Cannot allocate memory|ENOMEM/,
    cause: () => ({
      code: 'out-of-memory',
      text: 'it ran out of memory',
      hint: 'give it more: --env NODE_OPTIONS=--max-old-space-size=…, within --memory (default: 2g)',
    }),
  },
]
