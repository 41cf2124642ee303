/** How Cargo is told of the compiler for the target. */

/** Rust's names of platforms. */
function rustTarget(tuple: string): string {
  const [processor = '', , libc = ''] = tuple.split('-')
  const names: Readonly<Record<string, string>> = { arm: 'armv7', riscv64: 'riscv64gc' }
  return `${names[processor] ?? processor}-unknown-linux-${libc}`
}

/** Variables for Cargo, and for the crates that call a C compiler. */
export function cargoVariables(
  tuple: string,
  { CC = '', CXX = '', AR = '' }: Readonly<Record<string, string>>,
): Record<string, string> {
  const target = rustTarget(tuple)
  const name = target.replaceAll('-', '_')
  return {
    CARGO_BUILD_TARGET: target,
    [`CARGO_TARGET_${name.toUpperCase()}_LINKER`]: CC,
    [`CC_${name}`]: CC,
    [`CXX_${name}`]: CXX,
    [`AR_${name}`]: AR,
    PKG_CONFIG_ALLOW_CROSS: '1',
    // A shared library of musl's targets is made only when it is not linked statically.
    ...(target.endsWith('musl') ? { RUSTFLAGS: '-C target-feature=-crt-static' } : {}),
  }
}
