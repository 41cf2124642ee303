/** Whether the repositories that images go to let us in. */
import { CodedError } from '../../base/index.ts'
import { digestOf, formatReference, type Reference } from '../../oci/index.ts'
import { loginCommand, openWriter } from '../../store/index.ts'
import type { Diagnosis } from '../diagnosis.ts'
import type { DoctorSettings } from '../ports.ts'

/** Asks for a blob with the rights that a push needs; nothing is written. */
export async function diagnoseRegistry(
  reference: Reference,
  { stores }: DoctorSettings,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const place = formatReference({ registry: reference.registry, repository: reference.repository })
  try {
    const writer = await openWriter({ transport: 'docker', reference }, stores, { signal })
    const digest = digestOf('')
    await writer.hasBlob({ mediaType: 'application/octet-stream', digest, size: 0 }, { signal })
    await writer.close()
    return { check: 'registry', verdict: 'ok', text: `${place} answers, and takes our credentials` }
  } catch (error) {
    if (!(error instanceof CodedError) || error.kind === 'interrupted') throw error
    return {
      check: 'registry',
      verdict: 'error',
      text: `${place}: ${error.message}`,
      meaning: 'nothing can be published there',
      repair: error.hint ?? loginCommand(reference.registry),
    }
  }
}
