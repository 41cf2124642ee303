import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bakeTargetsOfHcl, bakeTargetsOfJson, parseHcl, parseYaml } from './index.ts'

const text = `# targets
variable "TAG" { default = "1.4" }
variable "REPO" {
  default = "ghcr.io/acme"
}
function "f" { params = [a]
  result = upper(a) }
group "default" { targets = ["app"] }
target "_base" {
  platforms = [
    "linux/amd64",
    "linux/arm64", // both
  ]
  args = { NODE = "22", "x-y" = TAG }
}
target "app" {
  inherits  = ["_base"]
  tags      = ["\${REPO}/shop:\${TAG}", "\${REPO}/shop:\${f(TAG)}"]
  cache-to  = ["type=gha,mode=max"]
  no-cache  = notequal("", TAG) ? true : false
  contexts  = { base = "docker-image://a" }
  dockerfile-inline = <<EOT
FROM a
EOT
}
`

describe('bake', () => {
  it('reads HCL with positions', () => {
    const file = parseHcl(text)
    expect(file.problems).toEqual([])
    const app = bakeTargetsOfHcl(file).find((target) => target.name === 'app')
    expect(app?.attributes.get('platforms')?.values?.map((value) => value.text)).toEqual([
      'linux/amd64',
      'linux/arm64',
    ])
    expect(app?.own.has('platforms')).toBe(false)
    expect(app?.attributes.get('tags')?.values?.map(({ text, unknown }) => [text, unknown])).toEqual([
      ['ghcr.io/acme/shop:1.4', false],
      ['ghcr.io/acme/shop:${f(TAG)}', true],
    ])
    const cache = app?.attributes.get('cache-to')?.values?.[0]
    expect(cache && text.slice(cache.range.start, cache.range.end)).toBe('"type=gha,mode=max"')
    expect(app?.attributes.get('no-cache')?.values).toBeUndefined()
    expect(app?.attributes.get('dockerfile-inline')?.values?.[0]?.text).toBe('FROM a\n')
  })

  it('reads JSON', () => {
    const json =
      '{"variable":{"T":{"default":"2"}},"target":{"a":{"platforms":["linux/amd64"]},"b":{"inherits":["a"],"tags":["x:${T}"]}}}'
    const b = bakeTargetsOfJson(parseYaml(json).documents[0]).find((target) => target.name === 'b')
    expect(b?.attributes.get('platforms')?.values?.[0]?.text).toBe('linux/amd64')
    expect(b?.attributes.get('tags')?.values?.[0]?.text).toBe('x:2')
  })

  it('survives targets that inherit from each other', () => {
    const targets = bakeTargetsOfHcl(
      parseHcl('target "a" { inherits = ["b"] }\ntarget "b" {\n inherits = ["a"]\n}\n'),
    )
    expect(targets.map((target) => target.name)).toEqual(['a', 'b'])
  })

  it('says where it stopped', () => {
    const problem = (source: string) => parseHcl(source).problems[0]
    expect(problem('target "a" {\n  tags = ["x"\n}\n')?.message).toMatch(/list is not closed/)
    expect(problem('target "a" {\n')?.message).toMatch(/block is not closed/)
    expect(problem('target "a {\n')?.message).toMatch(/string is not closed/)
    expect(problem('a = \n')?.message).toMatch(/value is missing/)
  })

  it('reads any text', () => {
    const part = constantFrom(
      'target',
      '"a"',
      '{',
      '}',
      '[',
      ']',
      '=',
      ',',
      '\n',
      '${',
      '<<E\n',
      '#',
      '/*',
      'x',
      '"',
      '(',
    )
    assert(
      property(array(part, { maxLength: 30 }), (parts) => {
        const source = parts.join(' ')
        for (const { range } of parseHcl(source).problems)
          expect(range.end).toBeLessThanOrEqual(source.length)
      }),
      { numRuns: 500 },
    )
  })
})
