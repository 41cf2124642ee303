export { optimizeDockerfile } from './optimize-dockerfile.ts'
export type { Change, Kept, OptimizedDockerfile, RewriteRule } from './optimized.ts'
export type { OptimizeFacts, OptimizeProject } from './optimize-facts.ts'
export { readOptimizeProject, toOptimizeProject } from './read-optimize-project.ts'
