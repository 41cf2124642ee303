/** The one call of npm-packlist that we make; it takes a node of arborist's tree, of which these fields are read. */
declare module 'npm-packlist' {
  interface PackageNode {
    path: string
    package: Readonly<Record<string, unknown>>
    isProjectRoot: boolean
    edgesOut: ReadonlyMap<string, unknown>
  }
  export default function packlist(node: PackageNode): Promise<string[]>
}
