import type { Framework, Naming } from '../namings/naming.js'
import { type Fact, type Facts, factsFrom, type InputSize } from './facts.js'
import { paddingOf, recipes } from './recipes.js'

/** ImageNet's 1000 classes and a background class, which TensorFlow's models have as the first. */
const classesWithBackground = 1001

/** The default epsilon of BatchNorm in each framework. */
const usualEpsilon: Readonly<Record<Framework, number>> = { PyTorch: 1e-5, TensorFlow: 1e-3 }

/** The input size of the published networks. */
const publishedSize: Fact<InputSize> = {
  value: { height: 224, width: 224 },
  reason: 'the published size, as nothing states another',
}

/**
 * The facts that are assumed if no source states them: the conventions of the framework, and the preprocessing of the publisher whose names
 * the tensors have.
 * @param stated the facts that sources state
 * @param classes length of the logits
 */
export function usualFacts(
  { framework, recipe: name, activation }: Pick<Naming, 'framework' | 'recipe' | 'activation'>,
  stated: Pick<Facts, 'size' | 'labels'>,
  classes: number,
): Facts {
  const size = stated.size ?? publishedSize
  const { height, width } = size.value
  const { publisher, geometry, interpolation, mean, deviation } = recipes[name]
  // As many labels as classes say themselves which of them is the background.
  const isUsual = framework === 'TensorFlow' && classes === classesWithBackground && stated.labels?.value.length !== classes
  const background = isUsual ? 0 : null
  return {
    size,
    ...factsFrom({ stemStride: 2, activation: 'relu6' }, 'as published, and the file does not say'),
    ...factsFrom({ activation }, 'PyTorch fuses and quantises no ReLU6, and this network is fused'),
    ...factsFrom(
      { padding: paddingOf[framework], batchNormEpsilon: usualEpsilon[framework] },
      `${framework} does so, and the file does not say`,
    ),
    ...factsFrom(
      { geometry: geometry(Math.min(height, width)), interpolation, mean, deviation },
      `${publisher} recipe, as the file does not say`,
    ),
    ...factsFrom(
      { background },
      background === null ? 'nothing in the file names one' : 'TensorFlow puts it first among 1001 classes',
    ),
    ...factsFrom(
      { output: 'logits' },
      classes === 1
        ? 'nothing says how it is read; one output is read as the probability of its class'
        : 'nothing says how they are read; several are read as one class of several (softmax)',
    ),
  }
}
