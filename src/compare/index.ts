export { compareImages, type CompareOptions } from './compare-images.ts'
export type {
  Comparison,
  ConfigDifference,
  FileDifference,
  NoiseDifference,
  PlatformComparison,
} from './comparison.ts'
