/** A vitest reporter: the result as one plain line, the last that a run prints, for whoever reads it by program. */
import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    )
    const count = (state: string) => states.filter((each) => each === state).length
    // A file or suite that fails before its tests has no failed test to count, and neither has an error outside of them.
    const broken = modules.filter(
      (module) => !module.ok() && ![...module.children.allTests()].some((test) => !test.ok()),
    )
    const failed = count('failed') + count('pending') + broken.length + unhandled.length
    process.stdout.write(`\n${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`)
  }
}
