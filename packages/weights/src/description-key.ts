/** The entry of a safetensors file's `__metadata__` in which this project describes the network, as JSON. */
export const descriptionKey = 'mobilenetv2'
