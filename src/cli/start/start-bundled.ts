/** The first file that runs where the whole command line is in one bundle and nothing is kept between runs: the GitHub Action. */
import { main } from '../main.ts'

await main()
