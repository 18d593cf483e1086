// This file is imported lazily, because most networks are MobileNetV2s.
export { defineMobileNet as defineV1 } from '@mobilenetv2/spec'
