declare module '@npmcli/map-workspaces' {
  /** Name → absolute path of each workspace. Rejects with `EDUPLICATEWORKSPACE` and what reading a package.json throws. */
  export default function mapWorkspaces(options: {
    cwd: string
    pkg: { workspaces: readonly string[] }
  }): Promise<Map<string, string>>
}
