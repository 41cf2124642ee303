/** What other fronts of the command line may use: the definitions of its commands. */
export { commandDefinitions } from './command-definitions.ts'
