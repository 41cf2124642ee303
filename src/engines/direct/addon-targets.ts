/** What addons are told of the base that an image stands on. */
import type { AddonTarget, TargetBase } from '../../addons/index.ts'
import { InternalError } from '../../base/index.ts'
import type { Platform } from '../../oci/index.ts'
import type { BaseImage, BasePlatform } from './base/base-image.ts'
import { type BaseChoice, resolveBase } from './base/resolve-base.ts'
import type { DirectPlan } from './direct-plan.ts'
import type { DirectTools } from './direct-tools.ts'

export function addonTargets(plan: DirectPlan, base: BaseImage, tools: DirectTools): AddonTarget[] {
  const { base: choice } = plan
  const mirror = choice.kind === 'assembled' ? choice.request.mirror : undefined
  return base.platforms.map((offered) => {
    const { platform, facts, nodeVersion } = offered
    const { libc, glibc, debian } = facts
    return {
      platform,
      libc,
      ...(nodeVersion ? { nodeVersion } : {}),
      ...(glibc ? { glibc } : {}),
      ...(debian ? { debian: { suite: debian, ...(mirror ? { mirror } : {}) } } : {}),
      base: targetBase(plan, base.name, offered, tools),
    }
  })
}

/** Only this platform's base is made with the packages: a compiler is of no use to the others. */
function targetBase(
  plan: DirectPlan,
  name: string,
  { platform, annotations }: BasePlatform,
  tools: DirectTools,
): TargetBase {
  return {
    key: JSON.stringify([name, annotations]),
    async withPackages(packages, options) {
      const choice = forPlatform(plan.base, platform)
      // Unpacked once and thrown away: not worth the time of compressing well.
      const settings = { ...plan.settings, level: 1 }
      const plain = await resolveBase(choice, [platform], settings, tools, options)
      const base = packages.length > 0 ? await plain.withPackages(packages, options) : plain
      const [layers] = await base.layers(options)
      if (!layers) throw new InternalError(`base ${name} without layers`)
      return {
        name,
        config: layers.config,
        layers: layers.layers,
        blob: (layer) =>
          async function* (reading) {
            const content = (await tools.cache.openBlob(layer, reading)) ?? base.blob?.(layer)
            if (!content) throw new InternalError(`a layer of base ${name} is nowhere`)
            yield* content(reading)
          },
      }
    },
  }
}

function forPlatform(choice: BaseChoice, platform: Platform): BaseChoice {
  return choice.kind === 'existing'
    ? choice
    : { ...choice, request: { ...choice.request, platforms: [platform] } }
}
