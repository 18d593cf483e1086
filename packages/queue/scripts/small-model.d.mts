export function smallModel(): Uint8Array
