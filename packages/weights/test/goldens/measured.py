"""Networks whose answers depend on the picture: seeded parameters, with BatchNorm statistics measured on pictures. Needs NumPy, and PyTorch or Keras.

With statistics that were made up, the answers of a deep network hardly change from picture to picture, and less than quantisation
changes them. Pictures are those of `seeded_levels`. Kernels are rounded to multiples of 1/256, so that files compress well.
"""

import numpy

from golden_files import seeded_levels, seeded_state_dict_tensor, seeded_values

CALIBRATION, STEP = 24, 256
IMAGENET = numpy.array([0.485, 0.456, 0.406]), numpy.array([0.229, 0.224, 0.225])
HALF = numpy.full(3, 0.5), numpy.full(3, 0.5)


def prepared(levels, mean=HALF[0], deviation=HALF[1]):
    """What a network is given for levels, in float64."""
    return (levels.astype(numpy.float64) / 255 - mean) / deviation


def seeded_pytorch_tensor(name, shape, is_depthwise=False, damped=False):
    """A tensor of a state dict, as in trained networks: depthwise kernels mostly blur, and shortcuts are stronger than branches."""
    values = seeded_state_dict_tensor(name, shape)
    if is_depthwise:
        values = 0.7 * numpy.abs(values) + 0.3 * values
    if damped:
        values = values * 0.3
    return (numpy.round(values * STEP) / STEP).astype(numpy.float32)


def settled_classifier(kernel, bias, features, name="classifier"):
    """A dense layer [inputs, outputs] whose answers to pictures have a mean near 0 and a deviation near 0.8."""
    answers = features.astype(numpy.float64) @ kernel
    # Without a bias the mean counts as well.
    spread = answers.std(0) if bias is not None else numpy.sqrt((answers**2).mean(0))
    kernel = numpy.round(kernel * (0.8 / spread) * STEP) / STEP
    shift = seeded_values(f"{name}.shift", kernel.shape[1], -0.8, 0.8)
    return kernel.astype(numpy.float32), None if bias is None else (shift - features.mean(0) @ kernel).astype(numpy.float32)


def settle_pytorch(model, size, mean=IMAGENET[0], deviation=IMAGENET[1], grey=False):
    """Fills a PyTorch model. Its last Linear, if it has one, gives answers that vary."""
    import torch
    from torch import nn

    levels = seeded_levels(CALIBRATION, size, 1)
    pixels = prepared(levels, mean, deviation)
    if grey:
        pixels = grey_of(pixels)
    pictures = torch.from_numpy(pixels.astype(numpy.float32)).permute(0, 3, 1, 2)
    modules = dict(model.named_modules())
    damped = set()
    for name, module in modules.items():
        if any(getattr(module, flag, False) is True for flag in ("use_res_connect", "has_skip", "shortcut", "use_residual")):
            damped.add([f"{name}.{inner}" for inner, norm in module.named_modules() if isinstance(norm, nn.BatchNorm2d)][-1])
    norms = [module for module in modules.values() if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d))]
    with torch.no_grad():
        for name, module in modules.items():
            for own, parameter in module.named_parameters(recurse=False):
                is_depthwise = isinstance(module, nn.Conv2d) and module.groups > 1
                values = seeded_pytorch_tensor(f"{name}.{own}", tuple(parameter.shape), is_depthwise, own == "weight" and name in damped)
                parameter.copy_(torch.from_numpy(values.copy()))
        momenta = [norm.momentum for norm in norms]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
        model.train()
        for module in modules.values():
            if isinstance(module, nn.Dropout):
                module.eval()
        model(pictures)
        for norm, momentum in zip(norms, momenta):
            norm.momentum = momentum
            norm.num_batches_tracked.zero_()
        model.eval()
        dense = [module for module in modules.values() if isinstance(module, nn.Linear)]
        if dense:
            seen = []
            hook = dense[-1].register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].numpy()))
            model(pictures)
            hook.remove()
            bias = dense[-1].bias
            kernel, shift = settled_classifier(dense[-1].weight.numpy().T, bias, seen[0])
            dense[-1].weight.copy_(torch.from_numpy(kernel.T.copy()))
            if bias is not None:
                bias.copy_(torch.from_numpy(shift))
    return model


def grey_of(pixels):
    return pixels @ numpy.array([[0.299], [0.587], [0.114]])


def keras_layers(model):
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from keras_layers(layer)
        else:
            yield layer


def seeded_keras_weight(layer, variable, added):
    """A Keras variable with the values that a PyTorch tensor of this layer would have."""
    name = variable.name.split("/")[-1].split(":")[0]
    pytorch = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var", "bias": "bias"}
    full = f"{layer.name}.{pytorch.get(name, 'weight')}"
    shape = tuple(variable.shape)
    if len(shape) == 1:
        return seeded_pytorch_tensor(full, shape, damped=name == "gamma" and added)
    is_depthwise = "depthwise" in type(layer).__name__.lower()
    order = (1, 0) if len(shape) == 2 else (2, 3, 0, 1) if is_depthwise else (3, 2, 0, 1)
    stored = seeded_pytorch_tensor(full, tuple(shape[axis] for axis in order), is_depthwise)
    return stored.transpose(numpy.argsort(order))


def settle_keras(model, size, mean=HALF[0], deviation=HALF[1]):
    """Fills a Keras model (2 or 3). `mean` and `deviation` are what the model wants of levels: 0 and 1/255 if it scales them itself."""
    pixels = prepared(seeded_levels(CALIBRATION, size, 1), mean, deviation).astype(numpy.float32)
    layers = list(keras_layers(model))
    names = {layer.name for layer in layers}
    norms = [layer for layer in layers if type(layer).__name__ == "BatchNormalization"]
    for layer in layers:
        added = layer.name.endswith("project_BN") and layer.name.replace("project_BN", "add") in names
        if layer.weights:
            layer.set_weights([seeded_keras_weight(layer, variable, added) for variable in layer.weights])
    trainable = [(layer, layer.trainable) for layer in [model, *model.layers, *layers]]
    rates = [(layer, layer.rate) for layer in layers if type(layer).__name__ == "Dropout"]
    momenta = [(norm, norm.momentum) for norm in norms]
    for layer, _ in trainable:
        layer.trainable = True
    for layer, _ in rates:
        layer.rate = 0.0
    for norm in norms:
        norm.momentum = 0.0
    model(pixels, training=True)
    for layer, value in trainable:
        layer.trainable = value
    for layer, value in rates:
        layer.rate = value
    for norm, value in momenta:
        norm.momentum = value
    dense = [layer for layer in layers if type(layer).__name__ == "Dense"]
    if dense:
        last, seen = dense[-1], []
        call = last.call
        last.call = lambda inputs, *rest, **options: (seen.append(numpy.asarray(inputs)), call(inputs, *rest, **options))[1]
        model(pixels, training=False)
        last.call = call
        kernel, *bias = last.get_weights()
        kernel, shift = settled_classifier(kernel, bias[0] if bias else None, seen[0])
        last.set_weights([kernel, *([] if shift is None else [shift])])
    return model
