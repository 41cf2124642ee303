import { describe, expect, it } from 'vitest'
import { examineLibraryFolders, examineScripts } from './maintainer-scripts.ts'

const control = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))

describe('examineScripts', () => {
  it.each([
    ['none', {}],
    [
      'only scaffolding',
      { postinst: '#!/bin/sh\nset -e\ncase "$1" in\n  configure)\n  ;;\n  *)\n  exit 0\n  ;;\nesac\n' },
    ],
    [
      'what debhelper adds for upgrades and services',
      {
        postinst:
          '#!/bin/sh\n# Automatically added by dh_installsystemd/13.11\nsystemctl daemon-reload\n# End automatically added section\n',
      },
    ],
    ['only scripts that run at removal', { prerm: 'rm -rf /var/lib/x', postrm: 'rm -rf /var/lib/x' }],
  ])('is silent about %s', (_, files) => {
    expect(examineScripts('x', control(files))).toBeUndefined()
  })

  it.each([
    ['postinst', '#!/bin/sh\nset -e\nadduser --system x\n', 'adduser --system x'],
    ['preinst', 'dpkg-divert --add /bin/x\n', 'dpkg-divert --add /bin/x'],
    [
      'postinst',
      '# Automatically added by dh_unknown/1\nsomething\n# End automatically added section',
      'something',
    ],
    ['postinst', 'if true; then touch /x; fi\n', 'if true; then touch /x; fi'],
  ])('names what a %s script would do', (script, text, command) => {
    expect(examineScripts('x', control({ [script]: text }))).toMatchObject({
      rule: 'base/script-not-run',
      severity: 'warning',
      message: `the ${script} script of x was not run; it would have done: ${command}`,
      details: { package: 'x', script, command },
    })
  })
})

it('names packages whose libraries lie where only ldconfig finds them', () => {
  const files = control({ conffiles: '/etc/x.conf\n/etc/ld.so.conf.d/x.conf\n' })
  expect(examineLibraryFolders('x', files)).toMatchObject({ rule: 'base/library-folder-not-searched' })
  expect(examineLibraryFolders('x', control({ conffiles: '/etc/x.conf\n' }))).toBeUndefined()
})
