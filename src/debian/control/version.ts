/**
 * Debian version numbers and their order (deb-version(7)): `[epoch:]upstream[-revision]`. Runs of non-digits are compared
 * with letters before everything else and `~` before even the end; runs of digits are compared as numbers.
 */

/** Negative when `a` is the older version, positive when it is the newer one, 0 when they count as equal. */
export function compareVersions(a: string, b: string): number {
  const left = split(a)
  const right = split(b)
  return (
    compareNumbers(left.epoch, right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  )
}

/** The upstream part: `2.36` of `2:2.36-9+deb12u14`. */
export function upstreamVersion(version: string): string {
  return split(version).upstream
}

function split(version: string): { epoch: string; upstream: string; revision: string } {
  const colon = version.indexOf(':')
  const rest = version.slice(colon + 1)
  const hyphen = rest.lastIndexOf('-')
  return {
    epoch: colon < 0 ? '' : version.slice(0, colon),
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  }
}

function comparePart(a: string, b: string): number {
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const difference = weight(a, i) - weight(b, j)
      if (difference !== 0) return difference
      i++
      j++
    }
    const startA = i
    const startB = j
    while (isDigit(a, i)) i++
    while (isDigit(b, j)) j++
    const difference = compareNumbers(a.slice(startA, i), b.slice(startB, j))
    if (difference !== 0) return difference
  }
  return 0
}

/** Numbers as text: they may have more digits than a double holds. */
function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, '')
  const right = b.replace(/^0+/, '')
  if (left.length !== right.length) return left.length - right.length
  return left < right ? -1 : left > right ? 1 : 0
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** `~`, then the end of the text or a digit, then letters, then everything else. */
function weight(text: string, at: number): number {
  if (at >= text.length || isDigit(text, at)) return 0
  const code = text.charCodeAt(at)
  if (code === 126) return -1
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
  return isLetter ? code : code + 256
}
