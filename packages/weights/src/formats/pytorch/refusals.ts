import { CheckpointError } from '../../checkpoint-error.js'

const saveStateDict = 'Load it in PyTorch and save its state dict: torch.save(model.state_dict(), …).'

/** Refuses the tar archives that PyTorch wrote before 0.1.10, and other tars. */
export function refuseTar(bytes: Uint8Array): never {
  const [first = ''] = new TextDecoder().decode(bytes.subarray(0, 100)).split('\0')
  const old = /^(sys_info|storages|tensors|pickle)$/.test(first)
  throw new CheckpointError(
    old ? 'The file is a tar of PyTorch before 0.1.10, which is not read.' : 'The file is a tar archive, not a checkpoint.',
    {
      got: `an archive that starts with ${first}`,
      remedy: old ? saveStateDict : 'Unpack it, and give the checkpoint in it.',
    },
  )
}

/** Refuses the programs of PyTorch's runtimes for devices: flatbuffers of PyTorch Mobile and ExecuTorch. */
export function refuseMobileProgram(): never {
  throw new CheckpointError("The file is a program of PyTorch Mobile's flatbuffer or of ExecuTorch, which is not read.", {
    expected: 'a state dict, or the zip of torch.jit.save',
    remedy: 'Save the state dict of the model that it was made of: torch.save(model.state_dict(), …).',
  })
}

/** Refuses the archives of torch.package. */
export function refusePackage(): never {
  throw new CheckpointError('The file is an archive of torch.package, which holds a program and its pickles and is not read.', {
    remedy: saveStateDict,
  })
}

/** Refuses the archives of torch.export. */
export function refuseExport(): never {
  throw new CheckpointError('The file is an exported program (torch.export.save, .pt2), which is not read.', {
    remedy: 'Save its state dict: torch.save(torch.export.load(…).state_dict, …), or that of the model.',
  })
}
