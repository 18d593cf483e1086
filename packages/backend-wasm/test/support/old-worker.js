// Stands for the workers' program of another version.
self.onmessage = ({ data }) => {
  if (data.program !== '0123456789abcdef') self.postMessage({ error: 'the worker has the program of another version' })
}
