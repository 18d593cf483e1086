import { openCamera } from '../../state/camera.js'

/** One camera for the cards and the preview: on some phones a second request for the camera takes it from the first. */
let camera: Promise<MediaStream> | null = null
let borrowed = 0

/** The camera, which stays on until all who borrowed it have given it back. */
export async function borrowCamera(): Promise<MediaStream> {
  borrowed += 1
  camera ??= openCamera()
  try {
    return (await camera).clone()
  } catch (error) {
    borrowed -= 1
    camera = null
    throw error
  }
}

/** Gives back what `borrowCamera` gave; the light of the camera goes out with the last. */
export function giveBack(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
  borrowed -= 1
  if (borrowed > 0) return
  void camera?.then((last) => {
    for (const track of last.getTracks()) track.stop()
  })
  camera = null
}
