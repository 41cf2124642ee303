/**
 * Small Dockerfiles with what a build of them yields: the labels of the image for linux/amd64 and linux/arm64, or that it
 * fails. The unit tests hold our own resolution to this table, test/dockerfile/ holds the table to BuildKit itself.
 * The builder's own platform is linux/amd64. `base` is a two-platform image whose environment says FLAVOR=<architecture>.
 */
export interface BuildCase {
  name: string
  dockerfile: string
  buildArgs?: Record<string, string>
  target?: string
  /** labels of the image for both platforms, or per architecture; absent: the build fails */
  labels?: Record<string, string>
  amd64?: Record<string, string>
  arm64?: Record<string, string>
  /** the first release 1.x of the Dockerfile syntax that behaves so (older ones differ) */
  since?: number
}

function expression(name: string, before: string, expressionText: string, result: string): BuildCase {
  return { name, dockerfile: `FROM scratch\n${before}\nLABEL r=${expressionText}\n`, labels: { r: result } }
}

function fails(name: string, dockerfile: string, more: Partial<BuildCase> = {}): BuildCase {
  return { name, dockerfile, ...more }
}

const expressions: BuildCase[] = [
  expression('plain', 'ENV x=one', '$x', 'one'),
  expression('braced', 'ENV x=one', '${x}two', 'onetwo'),
  expression('unset is empty', '', 'a${x}b', 'ab'),
  expression('name ends at a dash', 'ENV x=one', '$x-two', 'one-two'),
  expression('name takes digits and underscores', 'ENV x_1=one', '$x_1', 'one'),
  expression('default for unset', '', '${x:-two}', 'two'),
  expression('default for empty', 'ENV x=""', '${x:-two}', 'two'),
  expression('default not used', 'ENV x=one', '${x:-two}', 'one'),
  expression('dash keeps empty', 'ENV x=""', '${x-two}', ''),
  expression('dash for unset', '', '${x-two}', 'two'),
  expression('alternative for set', 'ENV x=one', '${x:+two}', 'two'),
  expression('alternative for empty', 'ENV x=""', '${x:+two}', ''),
  expression('alternative for unset', '', '${x:+two}', ''),
  expression('plus takes empty as set', 'ENV x=""', '${x+two}', 'two'),
  expression('plus for unset', '', '${x+two}', ''),
  expression('required and set', 'ENV x=one', '${x:?missing}', 'one'),
  expression('required, empty allowed', 'ENV x=""', '${x?missing}', ''),
  expression('nested default', 'ENV y=deep', '${x:-${y}}', 'deep'),
  expression('nested twice', 'ENV z=deep', '${x:-${y:-$z}}', 'deep'),
  expression('nested alternative', 'ENV x=1 y=two', '${x:+a${y}b}', 'atwob'),
  expression('default with a quote', '', '"${x:-a b}"', 'a b'),
  expression('quoted default', '', '${x:-"a b"}', 'a b'),
  expression('single quotes are literal', 'ENV x=one', "'$x'", '$x'),
  expression('double quotes expand', 'ENV x=one', '"$x two"', 'one two'),
  expression('escaped dollar', 'ENV x=one', '\\$x', '$x'),
  expression('escaped dollar in double quotes', 'ENV x=one', '"\\$x"', '$x'),
  expression('escape of an ordinary character', '', 'a\\bc', 'abc'),
  expression('escape of an ordinary character in double quotes', '', '"a\\bc"', 'a\\bc'),
  expression('escaped quote in double quotes', '', '"a\\"b"', 'a"b'),
  expression('single quote in double quotes', '', '"it\'s"', "it's"),
  expression('quotes in the middle', 'ENV x=one', 'a"$x"b\'$x\'', 'aoneb$x'),
  expression('escaped space', '', 'a\\ b', 'a b'),
  expression('shortest prefix', 'ENV x=a.b.c', '${x#*.}', 'b.c'),
  expression('longest prefix', 'ENV x=a.b.c', '${x##*.}', 'c'),
  expression('shortest suffix', 'ENV x=a.b.c', '${x%.*}', 'a.b'),
  expression('longest suffix', 'ENV x=a.b.c', '${x%%.*}', 'a'),
  expression('prefix that does not match', 'ENV x=abc', '${x#b}', 'abc'),
  expression('prefix question mark', 'ENV x=abc', '${x#?}', 'bc'),
  expression('suffix question mark', 'ENV x=abc', '${x%?}', 'ab'),
  expression('suffix of a version', 'ENV x=v22.3.1', '${x#v}', '22.3.1'),
  expression('prefix with a variable pattern', 'ENV x=linux/arm64 p=linux/', '${x#$p}', 'arm64'),
  expression('prefix of unset', '', '${x#a}', ''),
  expression('escaped star is a star', 'ENV x=*ab', '${x#\\*}', 'ab'),
  expression('dots are literal', 'ENV x=axb', '${x#a.}', 'axb'),
  expression('replace the first', 'ENV x=a-b-c', '${x/-/_}', 'a_b-c'),
  expression('replace every', 'ENV x=a-b-c', '${x//-/_}', 'a_b_c'),
  expression('replace with nothing', 'ENV x=a-b-c', '${x//-/}', 'abc'),
  expression('replace a slash', 'ENV x=linux/arm/v7', '${x//\\//-}', 'linux-arm-v7'),
  expression('replace with a variable', 'ENV x=abc y=Z', '${x/b/$y}', 'aZc'),
  expression('replace a star', 'ENV x=aXXb', '${x/X*/Y}', 'aY'),
  expression('replace in unset', '', '${x/a/b}', ''),
  expression('map names', 'ENV x=amd64', '${x/amd64/x64}', 'x64'),
  expression('dollar at the end', '', 'a$', 'a$'),
  expression('dollar before a dot', '', 'a$.b', 'a$.b'),
  expression('positional parameter', '', 'a$1b', 'ab'),
  expression('dollar dollar', 'ENV x=1', 'a$$x', 'ax'),
  expression('value is not expanded again', "ENV y=1 x='$y'", '$x', '$y'),
  expression('unicode', 'ENV x=grüße', '${x%?}', 'grüß'),
  fails('required and unset', 'FROM scratch\nLABEL r=${x:?no x}\n'),
  fails('required and empty', 'FROM scratch\nENV x=""\nLABEL r=${x:?no x}\n'),
  fails('question mark and unset', 'FROM scratch\nLABEL r=${x?no x}\n'),
  fails('no closing brace', 'FROM scratch\nLABEL r=${x\n'),
  fails('empty braces', 'FROM scratch\nLABEL r=${}\n'),
  fails('unknown modifier', 'FROM scratch\nLABEL r=${x@Q}\n'),
  fails('unknown modifier after a colon', 'FROM scratch\nLABEL r=${x:=y}\n'),
]

const scopes: BuildCase[] = [
  {
    name: 'one ENV sees the values from before it',
    dockerfile: 'FROM scratch\nENV a=1\nENV a=2 b=$a\nLABEL r=$a$b\n',
    labels: { r: '21' },
  },
  { name: 'old form of ENV', dockerfile: 'FROM scratch\nENV a one two\nLABEL r=$a\n', labels: { r: 'one two' } },
  { name: 'ARG default', dockerfile: 'FROM scratch\nARG a=1\nLABEL r=$a\n', labels: { r: '1' } },
  {
    name: '--build-arg beats the default',
    dockerfile: 'FROM scratch\nARG a=1\nLABEL r=$a\n',
    buildArgs: { a: '2' },
    labels: { r: '2' },
  },
  {
    name: '--build-arg without ARG is nothing',
    dockerfile: 'FROM scratch\nLABEL r=a${x}b\n',
    buildArgs: { x: '2' },
    labels: { r: 'ab' },
  },
  {
    name: 'empty --build-arg is a value',
    dockerfile: 'FROM scratch\nARG a=1\nLABEL r=${a-unset}${a:-empty}\n',
    buildArgs: { a: '' },
    labels: { r: 'empty' },
  },
  { name: 'bare ARG is unset', dockerfile: 'FROM scratch\nARG a\nLABEL r=${a-unset}\n', labels: { r: 'unset' } },
  {
    name: 'ARG counts from where it stands',
    dockerfile: 'FROM scratch\nLABEL before=${a-unset}\nARG a=1\nLABEL after=$a\n',
    labels: { before: 'unset', after: '1' },
  },
  { name: 'ARG from ARG', dockerfile: 'FROM scratch\nARG a=1\nARG b=${a}2\nLABEL r=$b\n', labels: { r: '12' } },
  {
    name: 'several names in one ARG',
    dockerfile: 'FROM scratch\nARG a=1 b=2\nLABEL r=$a$b\n',
    labels: { r: '12' },
  },
  {
    name: 'ENV after ARG wins',
    dockerfile: 'FROM scratch\nARG a=1\nENV a=2\nLABEL r=$a\n',
    labels: { r: '2' },
  },
  {
    name: 'ENV from ARG',
    dockerfile: 'FROM scratch\nARG a=1\nENV b=$a\nLABEL r=$b\n',
    labels: { r: '1' },
  },
  {
    name: 'a global ARG is not in a stage',
    dockerfile: 'ARG a=1\nFROM scratch\nLABEL r=${a-unset}\n',
    labels: { r: 'unset' },
  },
  {
    name: 'a global ARG comes in by its name',
    dockerfile: 'ARG a=1\nFROM scratch\nARG a\nLABEL r=$a\n',
    labels: { r: '1' },
  },
  {
    name: 'a stage default beats the global one',
    dockerfile: 'ARG a=1\nFROM scratch\nARG a=2\nLABEL r=$a\n',
    labels: { r: '2' },
  },
  {
    name: 'a global ARG from a global ARG',
    dockerfile: 'ARG a=1\nARG b=${a}2\nFROM scratch\nARG b\nLABEL r=$b\n',
    labels: { r: '12' },
  },
  {
    name: 'the second stage asks again',
    dockerfile: 'ARG a=1\nFROM scratch AS x\nARG a\nFROM scratch\nLABEL r=${a-unset}\n',
    labels: { r: 'unset' },
  },
  {
    name: 'a child stage inherits ENV',
    dockerfile: 'FROM scratch AS x\nENV a=1\nFROM x\nLABEL r=$a\n',
    labels: { r: '1' },
  },
  {
    name: 'a child stage inherits ARG',
    dockerfile: 'FROM scratch AS x\nARG a=1\nFROM x\nLABEL r=${a-unset}\n',
    labels: { r: '1' },
  },
  {
    name: 'a bare ARG in a child keeps the inherited ENV',
    dockerfile: 'FROM scratch AS x\nENV a=1\nFROM x\nARG a\nLABEL r=${a-unset}\n',
    labels: { r: '1' },
  },
  {
    name: 'the base image brings its environment',
    dockerfile: 'FROM base\nLABEL r=$FLAVOR\n',
    amd64: { r: 'amd64' },
    arm64: { r: 'arm64' },
  },
  {
    name: 'ENV overrides the base image',
    dockerfile: 'FROM base\nENV FLAVOR=mine\nLABEL r=$FLAVOR\n',
    labels: { r: 'mine' },
  },
  {
    name: 'names are case-sensitive',
    dockerfile: 'FROM scratch\nENV a=1\nLABEL r=a$A.\n',
    labels: { r: 'a.' },
  },
  {
    name: 'ARG value in quotes',
    dockerfile: 'FROM scratch\nARG a="one two"\nLABEL r=$a\n',
    labels: { r: 'one two' },
  },
]

const platforms: BuildCase[] = [
  {
    name: 'TARGETARCH after ARG',
    dockerfile: 'FROM scratch\nARG TARGETARCH\nLABEL r=$TARGETARCH\n',
    amd64: { r: 'amd64' },
    arm64: { r: 'arm64' },
  },
  {
    name: 'TARGETARCH without ARG',
    dockerfile: 'FROM scratch\nLABEL r=a${TARGETARCH}b\n',
    labels: { r: 'ab' },
  },
  {
    name: 'all target arguments',
    dockerfile:
      'FROM scratch\nARG TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT\nLABEL r="$TARGETPLATFORM $TARGETOS $TARGETARCH [$TARGETVARIANT]"\n',
    amd64: { r: 'linux/amd64 linux amd64 []' },
    arm64: { r: 'linux/arm64 linux arm64 []' },
  },
  {
    name: 'TARGETVARIANT is set, and empty',
    dockerfile: 'FROM scratch\nARG TARGETVARIANT\nLABEL r=${TARGETVARIANT-unset}\n',
    labels: { r: '' },
  },
  {
    name: 'build arguments are those of the builder',
    dockerfile: 'FROM scratch\nARG BUILDPLATFORM\nARG BUILDARCH\nLABEL r="$BUILDPLATFORM $BUILDARCH"\n',
    labels: { r: 'linux/amd64 amd64' },
  },
  {
    name: 'a default for TARGETARCH hides the platform',
    dockerfile: 'FROM scratch\nARG TARGETARCH=amd64\nLABEL r=$TARGETARCH\n',
    labels: { r: 'amd64' },
  },
  {
    name: 'a global default for TARGETARCH hides the platform',
    dockerfile: 'ARG TARGETARCH=amd64\nFROM scratch\nARG TARGETARCH\nLABEL r=$TARGETARCH\n',
    labels: { r: 'amd64' },
  },
  {
    name: 'a bare global TARGETARCH changes nothing',
    dockerfile: 'ARG TARGETARCH\nFROM scratch AS s-amd64\nLABEL r=x\nFROM scratch AS s-arm64\nLABEL r=a\nFROM s-${TARGETARCH}\n',
    amd64: { r: 'x' },
    arm64: { r: 'a' },
    since: 16,
  },
  {
    name: 'a stage for each architecture',
    dockerfile: 'FROM scratch AS s-amd64\nLABEL r=x\nFROM scratch AS s-arm64\nLABEL r=a\nFROM s-${TARGETARCH}\n',
    amd64: { r: 'x' },
    arm64: { r: 'a' },
  },
  {
    name: 'a stage by an expression',
    dockerfile:
      'ARG kind=${TARGETARCH/amd64/x64}\nFROM scratch AS s-x64\nLABEL r=x\nFROM scratch AS s-arm64\nLABEL r=a\nFROM s-${kind}\n',
    amd64: { r: 'x' },
    arm64: { r: 'a' },
  },
  {
    name: 'a stage by --build-arg',
    dockerfile: 'ARG kind=a\nFROM scratch AS s-a\nLABEL r=a\nFROM scratch AS s-b\nLABEL r=b\nFROM s-${kind}\n',
    buildArgs: { kind: 'b' },
    labels: { r: 'b' },
  },
  {
    name: '--build-arg TARGETARCH lies for both platforms',
    dockerfile: 'FROM scratch\nARG TARGETARCH\nLABEL r=$TARGETARCH\n',
    buildArgs: { TARGETARCH: 'mips' },
    labels: { r: 'mips' },
  },
  {
    name: 'a base of the build platform',
    dockerfile: 'FROM --platform=$BUILDPLATFORM base\nLABEL r=$FLAVOR\n',
    labels: { r: 'amd64' },
  },
  {
    name: 'a base of the target platform, said aloud',
    dockerfile: 'FROM --platform=$TARGETPLATFORM base\nLABEL r=$FLAVOR\n',
    amd64: { r: 'amd64' },
    arm64: { r: 'arm64' },
  },
  {
    name: 'a base of a constant platform',
    dockerfile: 'FROM --platform=linux/arm64 base\nLABEL r=$FLAVOR\n',
    labels: { r: 'arm64' },
  },
  {
    name: 'a platform put together',
    dockerfile: 'FROM --platform=linux/${TARGETARCH} base\nLABEL r=$FLAVOR\n',
    amd64: { r: 'amd64' },
    arm64: { r: 'arm64' },
  },
  {
    name: 'a platform from a global ARG',
    dockerfile: 'ARG where=$BUILDPLATFORM\nFROM --platform=$where base\nLABEL r=$FLAVOR\n',
    labels: { r: 'amd64' },
  },
  {
    name: 'TARGETARCH in a stage of the build platform is the target',
    dockerfile: 'FROM --platform=$BUILDPLATFORM base\nARG TARGETARCH\nLABEL r="$FLAVOR $TARGETARCH"\n',
    amd64: { r: 'amd64 amd64' },
    arm64: { r: 'amd64 arm64' },
  },
  {
    name: 'the flag of a stage that continues a stage is ignored',
    dockerfile: 'FROM base AS x\nFROM --platform=$BUILDPLATFORM x\nLABEL r=$FLAVOR\n',
    amd64: { r: 'amd64' },
    arm64: { r: 'arm64' },
  },
  {
    name: 'a stage that continues a build platform stage',
    dockerfile: 'FROM --platform=$BUILDPLATFORM base AS x\nFROM x\nLABEL r=$FLAVOR\n',
    labels: { r: 'amd64' },
  },
  fails('a base that is required', 'FROM ${x:?which base}\n'),
  fails('an empty base', 'FROM ${nothing}\n'),
  fails('an empty platform', 'FROM --platform=$nothing base\n'),
  fails('FROM does not see the variables of a stage', 'FROM scratch AS x\nARG p=base\nFROM ${p:?}\n'),
]

const stages: BuildCase[] = [
  {
    name: '--target by name',
    dockerfile: 'FROM scratch AS one\nLABEL r=1\nFROM scratch AS two\nLABEL r=2\n',
    target: 'one',
    labels: { r: '1' },
  },
  {
    name: '--target in another case',
    dockerfile: 'FROM scratch AS One\nLABEL r=1\nFROM scratch AS two\nLABEL r=2\n',
    target: 'oNE',
    labels: { r: '1' },
  },
  fails('--target that is not there', 'FROM scratch AS one\nLABEL r=1\n', { target: 'two' }),
  {
    name: 'the last stage of a name counts for those after it',
    dockerfile: 'FROM scratch AS x\nLABEL r=1\nFROM scratch AS x\nLABEL r=2\nFROM x\n',
    labels: { r: '2' },
  },
  {
    name: 'AS in lower case',
    dockerfile: 'from scratch as x\nlabel r=1\nfrom x\n',
    labels: { r: '1' },
  },
  {
    name: 'a stage named like its base',
    dockerfile: 'FROM base AS base\nLABEL r=$FLAVOR\nFROM base\n',
    amd64: { r: 'amd64' },
    arm64: { r: 'arm64' },
  },
  {
    name: 'an error in a stage that is not needed',
    dockerfile: 'FROM scratch AS bad\nLABEL r=${x:?no}\nFROM scratch\nLABEL r=good\n',
    labels: { r: 'good' },
  },
  fails('COPY --from a later stage', 'FROM scratch\nCOPY --from=later /a /a\nFROM scratch AS later\nFROM scratch\nCOPY --from=0 /a /a\n'),
  fails('COPY --from a number that is not there', 'FROM scratch\nCOPY --from=7 /a /a\n'),
  fails('COPY --from itself', 'FROM scratch AS me\nCOPY --from=me /a /a\n'),
  fails('COPY --from a variable', 'FROM base AS x\nFROM scratch\nARG s=x\nCOPY --from=$s /etc /a\n'),
  {
    name: 'ONBUILD of a stage runs in its child',
    dockerfile: 'FROM scratch AS x\nONBUILD LABEL r=triggered\nFROM x\n',
    labels: { r: 'triggered' },
  },
  {
    name: 'ONBUILD runs before the child',
    dockerfile: 'FROM scratch AS x\nONBUILD ENV a=1\nFROM x\nLABEL r=$a\n',
    labels: { r: '1' },
  },
  {
    name: 'ONBUILD does not run in the grandchild',
    dockerfile: 'FROM scratch AS x\nONBUILD ENV a=${a}1\nFROM x AS y\nFROM y\nLABEL r=$a\n',
    labels: { r: '1' },
  },
]

const syntax: BuildCase[] = [
  {
    name: 'continuation',
    dockerfile: 'FROM scratch\nLABEL \\\n  r=1 \\\n  s=2\n',
    labels: { r: '1', s: '2' },
  },
  {
    name: 'comment inside a continuation',
    dockerfile: 'FROM scratch\nLABEL r=1 \\\n# not here\n   # nor here\n  s=2\n',
    labels: { r: '1', s: '2' },
  },
  {
    name: 'continuation without space joins words',
    dockerfile: 'FROM scratch\nLABEL r=on\\\ne\n',
    labels: { r: 'one' },
  },
  {
    name: 'empty line inside a continuation',
    dockerfile: 'FROM scratch\nLABEL r=1 \\\n\n  s=2\n',
    labels: { r: '1', s: '2' },
  },
  { name: 'spaces after the escape', dockerfile: 'FROM scratch\nLABEL r=1 \\  \n s=2\n', labels: { r: '1', s: '2' } },
  { name: 'Windows line ends', dockerfile: 'FROM scratch\r\nLABEL r=1 \\\r\n  s=2\r\n', labels: { r: '1', s: '2' } },
  { name: 'byte order mark', dockerfile: '\uFEFFFROM scratch\nLABEL r=1\n', labels: { r: '1' } },
  { name: 'no line end at the end', dockerfile: 'FROM scratch\nLABEL r=1', labels: { r: '1' } },
  { name: 'tabs', dockerfile: '\tFROM\tscratch\n\tLABEL\tr=1\ts=2\n', labels: { r: '1', s: '2' } },
  {
    name: 'escape directive',
    dockerfile: '# escape=`\nFROM scratch\nENV x=1\nLABEL r=`$x `\n  s=a\\b\n',
    labels: { r: '$x', s: 'a\\b' },
  },
  {
    name: 'escape after a comment is a comment',
    dockerfile: '# hello\n# escape=`\nFROM scratch\nLABEL r=1 \\\n s=2\n',
    labels: { r: '1', s: '2' },
  },
  { name: 'comment with an equals sign', dockerfile: '# a=b\nFROM scratch\nLABEL r=1\n', labels: { r: '1' } },
  { name: 'hash inside a word', dockerfile: 'FROM scratch\nLABEL r=a#b\n', labels: { r: 'a#b' } },
  { name: 'label with a quoted name', dockerfile: 'FROM scratch\nLABEL "r s"=1\n', labels: { 'r s': '1' } },
  { name: 'old form of LABEL', dockerfile: 'FROM scratch\nLABEL r one two\n', labels: { r: 'one two' } },
  { name: 'escape at the very end', dockerfile: 'FROM scratch\nLABEL r=1 \\', labels: { r: '1' } },
  {
    name: 'here-document of COPY',
    dockerfile: 'FROM scratch\nCOPY <<EOF /a\nLABEL r=0\nEOF\nLABEL r=1\n',
    labels: { r: '1' },
  },
  {
    name: 'two here-documents',
    dockerfile: 'FROM scratch\nCOPY <<A <<-"B" /d/\none\nA\n\ttwo\n\tB\nLABEL r=1\n',
    labels: { r: '1' },
  },
  fails('here-document without end', 'FROM scratch\nCOPY <<EOF /a\nLABEL r=1\n'),
  fails('unknown instruction', 'FROM scratch\nLABLE r=1\n'),
  fails('nothing before FROM but ARG', 'LABEL r=1\nFROM scratch\n'),
  fails('no FROM', 'ARG a=1\n'),
  fails('empty file', '\n# nothing\n'),
  fails('FROM with two words', 'FROM scratch x\n'),
  fails('FROM with something else for AS', 'FROM scratch IS x\n'),
  fails('stage name that begins with a digit', 'FROM scratch AS 1x\n'),
  fails('unknown flag', 'FROM scratch\nCOPY --form=x /a /b\n'),
  fails('ENV without value', 'FROM scratch\nENV a\n'),
  fails('ENV with a word among pairs', 'FROM scratch\nENV a=1 b\n'),
  fails('COPY without destination', 'FROM scratch\nCOPY a\n'),
  fails('JSON form of numbers', 'FROM scratch\nCMD [1]\nLABEL r=1\n'),
  fails('ONBUILD ONBUILD', 'FROM scratch\nONBUILD ONBUILD LABEL r=1\n'),
  fails('ONBUILD FROM', 'FROM scratch\nONBUILD FROM scratch\n'),
  fails('escape that is no escape', '# escape=x\nFROM scratch\nLABEL r=1\n'),
  fails('directive twice', '# escape=\\\n# escape=\\\nFROM scratch\nLABEL r=1\n'),
  fails('SHELL in shell form', 'FROM scratch\nSHELL /bin/sh -c\n'),
]

export const buildCases: readonly BuildCase[] = [...expressions, ...scopes, ...platforms, ...stages, ...syntax]
