import { MobileNetV2Error } from '@mobilenetv2/spec'
import { zooEntries } from '@mobilenetv2/zoo'

/** A name that is neither a model of the zoo nor a file: which ids there are, the most alike first. */
export function unknownName(name: string, cause: unknown): MobileNetV2Error {
  const isNear = ({ id, location }: (typeof zooEntries)[number]): boolean =>
    id.includes(name) || (location.kind === 'file' && location.name.includes(name))
  const near = zooEntries.filter(isNear)
  const ids = [...near, ...zooEntries.filter((entry) => !near.includes(entry))].map(({ id }) => id)
  return new MobileNetV2Error('SOURCE', 'There is neither a model nor a file of this name.', {
    where: name,
    expected: `the path of a file, or one of ${ids.join(', ')}`,
    got: cause instanceof MobileNetV2Error ? cause.details.got : undefined,
    remedy: near[0] === undefined ? undefined : `Did you mean ${near[0].id}?`,
    cause,
  })
}
