// The program of the workers of another version, as far as it tells.
self.onmessage = ({ data }) => {
  if (data.program !== '0123456789abcdef') self.postMessage({ error: 'the worker has the program of another version' })
}
