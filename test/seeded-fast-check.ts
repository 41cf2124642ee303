/**
 * What tests import as fast-check when `CI` is set: property tests then try the same values in every run, so that a change is
 * judged by itself and not by luck. Elsewhere, and in `npm run fuzz`, each run tries new ones.
 */
import fc from '../node_modules/fast-check/lib/fast-check.js'

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_260_101 })

export * from '../node_modules/fast-check/lib/fast-check.js'
export default fc
