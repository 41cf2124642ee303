import { describe, expect, it } from 'vitest'
import { aptChecks } from './apt-settings.ts'
import { parseSourcesFile, parseSourcesList } from './apt-sources.ts'

describe('deb822 sources', () => {
  it('reads stanzas with their options, and leaves out source packages and disabled entries', () => {
    const text = `
Types: deb deb-src
URIs: http://a.example/debian http://b.example/debian/
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/a.gpg
Check-Valid-Until: no

Types: deb-src
URIs: http://c.example/debian
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://d.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://e.example/debian
Suites: trixie
Components: main
Check-Date: false
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----
`
    expect(parseSourcesFile(text, 'x.sources')).toEqual([
      {
        uris: ['http://a.example/debian', 'http://b.example/debian/'],
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main', 'contrib'],
        signedBy: '/usr/share/keyrings/a.gpg',
        checkValidUntil: false,
      },
      {
        uris: ['http://e.example/debian'],
        suites: ['trixie'],
        components: ['main'],
        signedBy: '\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n.\nabc\n-----END PGP PUBLIC KEY BLOCK-----',
        checkDate: false,
      },
    ])
  })

  it('names the file that does not parse', () => {
    expect(() => parseSourcesFile('nonsense', '/etc/apt/sources.list.d/x.sources')).toThrow(
      '/etc/apt/sources.list.d/x.sources: line 1 is neither a field nor the continuation of one',
    )
  })
})

describe('one-line sources', () => {
  it('reads lines with and without options', () => {
    const text = `# all of it
deb http://a.example/debian bookworm main contrib # main is enough
deb-src http://a.example/debian bookworm main
  deb [ arch=amd64 signed-by=/k.gpg check-valid-until=no ] https://b.example/debian-security bookworm-security main
deb http://flat.example ./
`
    expect(parseSourcesList(text, 'sources.list')).toEqual([
      { uris: ['http://a.example/debian'], suites: ['bookworm'], components: ['main', 'contrib'] },
      {
        uris: ['https://b.example/debian-security'],
        suites: ['bookworm-security'],
        components: ['main'],
        signedBy: '/k.gpg',
        checkValidUntil: false,
      },
      { uris: ['http://flat.example'], suites: ['./'], components: [] },
    ])
  })

  it('names the line that does not parse', () => {
    expect(() => parseSourcesList('\ndeb http://a.example', 'sources.list')).toThrow(
      'sources.list: line 2 names no suite',
    )
    expect(() => parseSourcesList('<html>', 'sources.list')).toThrow('sources.list: line 1 is no source')
  })
})

describe('apt.conf', () => {
  it('reads both ways of writing a setting, the last one counting', () => {
    const texts = [
      '// a comment\nAcquire::Check-Valid-Until "true"; # another\n/* and\n a third "x"; */ APT { NeverAutoRemove { "^linux"; }; };',
      'Acquire { Check-Valid-Until "0"; http { Proxy "http://proxy.example:3128/"; } };',
    ]
    expect(aptChecks(texts)).toEqual({ checkValidUntil: false, checkDate: true })
    expect(aptChecks([...texts, 'acquire::check-valid-until yes; Acquire::Check-Date "false";'])).toEqual({
      checkValidUntil: true,
      checkDate: false,
    })
  })

  it('checks everything without settings, and in spite of nonsense', () => {
    expect(aptChecks([])).toEqual({ checkValidUntil: true, checkDate: true })
    expect(aptChecks(['}}}; "unclosed', ';;{'])).toEqual({ checkValidUntil: true, checkDate: true })
  })
})
