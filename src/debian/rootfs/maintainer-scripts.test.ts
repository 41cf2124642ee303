import { describe, expect, it } from 'vitest'
import { alternativeLinks, isAlternative } from './alternatives.ts'
import { examineLibraryFolders, examineScripts } from './maintainer-scripts.ts'
import { commandsOf } from './script-commands.ts'

const control = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))

describe('commandsOf', () => {
  it.each([
    ['', []],
    ['#!/bin/sh\nset -e\ncase "$1" in\n  configure|reconfigure)\n  ;;\n  *)\n  exit 0\n  ;;\nesac\n', []],
    [
      '# Automatically added by dh_installsystemd/13.11\nsystemctl daemon-reload\nother\n# End automatically added section\nlast\n',
      ['last'],
    ],
    ['# Automatically added by dh_unknown/1\nsomething\n# End automatically added section', ['something']],
    ['if [ "$1" = triggered ]; then\n  if x; then\n    rebuild\n  fi\n  more\nfi\nbuild', ['build']],
    ['if [ -n "$2" ] && ! cleanup; then\n  cleanup --verbose\nfi\n', []],
    ['prepare ()\n{\n  mkdir /x\n}\nelse # no more\necho "`$1`" >&2\n', []],
    ['prepare() {\n  if x; then\n  mkdir /x\n  }\n}\nprepare /y\n', ['prepare /y']],
    ['A=1\nlocal b c\nexport LC_ALL=C\nD="$(x y)"\nE=1 run\n', ['E=1 run']],
    ['. /usr/share/debconf/confmodule\ndb_get x/y || true\ndb_stop\n', []],
    ['ln -s a \\\n   b \\\n   c', ['ln -s a b c']],
    ['if true; then touch /x; fi', ['if true; then touch /x; fi']],
    ['rm -f /old || true\nrm x; touch y', ['rm x; touch y']],
    ['echo "Setting up"\necho x > /etc/y\n', ['echo x > /etc/y']],
  ])('of %j are %j', (script, commands) => {
    expect(commandsOf(script)).toEqual(commands)
  })
})

describe('examineScripts', () => {
  it.each([
    ['none', {}],
    ['only scripts that run at removal', { prerm: 'rm -rf /var/lib/x', postrm: 'adduser x' }],
    ['what is for upgrades', { preinst: 'dpkg --compare-versions "$2" lt 1 && mv /a /b\n' }],
    ['alternatives', { postinst: 'update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5\n' }],
  ])('is silent about %s', (_, files) => {
    expect(examineScripts('x', control(files))).toBeUndefined()
  })

  it.each([
    ['postinst', 'adduser --system x\n', 'adduser --system x'],
    ['preinst', 'dpkg-divert --add /bin/x\n', 'dpkg-divert --add /bin/x'],
    ['postinst', `${'x'.repeat(90)}\n`, `${'x'.repeat(79)}…`],
  ])('names what a %s script would do', (script, text, command) => {
    expect(examineScripts('x', control({ [script]: text }))).toMatchObject({
      rule: 'base/script-not-run',
      severity: 'warning',
      message: `the ${script} script of x was not run; it would have done: ${command}`,
      details: { package: 'x', script, command },
    })
  })
})

describe('alternativeLinks', () => {
  const mawk = `#!/bin/sh
if [ "$1" = "configure" ]; then
  update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5 \\
    --slave /usr/share/man/man1/awk.1.gz awk.1.gz /usr/share/man/man1/mawk.1.gz \\
    --slave /usr/bin/nawk nawk /usr/bin/mawk
fi
`
  const gawk = 'update-alternatives --quiet --install "/usr/bin/awk" awk /usr/bin/gawk 10 || true\n'
  const links = (scripts: string[], ...there: string[]) =>
    alternativeLinks(scripts, (path) => there.includes(path)).map(
      ({ path, linkPath }) => `${path} -> ${linkPath}`,
    )

  it('are those of the best alternative that is there, and of slaves that are', () => {
    expect(links([mawk], '/usr/bin/mawk')).toEqual([
      'etc/alternatives/awk -> /usr/bin/mawk',
      'usr/bin/awk -> /etc/alternatives/awk',
      'etc/alternatives/nawk -> /usr/bin/mawk',
      'usr/bin/nawk -> /etc/alternatives/nawk',
    ])
    expect(links([mawk, gawk], '/usr/bin/mawk', '/usr/bin/gawk')).toEqual([
      'etc/alternatives/awk -> /usr/bin/gawk',
      'usr/bin/awk -> /etc/alternatives/awk',
    ])
    expect(links([mawk, gawk])).toEqual([])
  })

  it.each([
    'update-alternatives --install /usr/bin/$prog $prog /usr/bin/x 5',
    'update-alternatives --install /usr/bin/x x /usr/bin/y',
    'update-alternatives --install /usr/bin/x ../../x /usr/bin/y 5',
    'update-alternatives --install /usr/../../x x /usr/bin/y 5',
    'update-alternatives --install /usr/bin/x x /usr/bin/y 5; touch /z',
    'update-alternatives --set x /usr/bin/y',
  ])('leave alone what they do not understand: %s', (command) => {
    expect(isAlternative(command)).toBe(false)
    expect(links([command], '/usr/bin/y', '/usr/bin/x')).toEqual([])
  })
})

it('names packages whose libraries lie where only ldconfig finds them', () => {
  const files = control({ conffiles: '/etc/x.conf\n/etc/ld.so.conf.d/x.conf\n' })
  expect(examineLibraryFolders('x', files)).toMatchObject({ rule: 'base/library-folder-not-searched' })
  expect(examineLibraryFolders('x', control({ conffiles: '/etc/x.conf\n' }))).toBeUndefined()
  expect(examineLibraryFolders('libc-bin', files)).toBeUndefined()
})
