"""Makes int8-vectors.json from QUANTISATION.md alone, independently of the TypeScript and the C. Run: python3 model/int8-vectors.py"""

import json
import math
import pathlib
import struct

LINEAR, RELU, SIGMOID, TANH = range(4)
CHANNELS = 6

SIGMOID_TABLE = [min(255, math.floor(256 / (1 + math.exp(-(u - 128) / 16)) + 0.5)) for u in range(256)]
TANH_TABLE = [128 + math.floor(127 * math.tanh((u - 128) / 32) + 0.5) for u in range(256)]


class Dice:
    """A 48-bit linear congruential generator (Knuth's MMIX constants, upper bits), so that any Python makes the same file."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def between(self, low, high):
        return low + self.below(high - low + 1)


def clamp(y):
    return min(max(y, 0), 255)


# A network is {"inputs": [{channel, shift, offset, gain, bias}], "layers": [{activation, pre, post, zero, neurons: [{bias, multiplier, weights}]}]}.


def image(network):
    body = b""
    for i in network["inputs"]:
        body += struct.pack("<BBhhi", i["channel"], i["shift"], i["offset"], i["gain"], i["bias"])
    for layer in network["layers"]:
        neurons = layer["neurons"]
        body += struct.pack(
            "<6B", len(neurons[0]["weights"]), len(neurons), layer["activation"], layer["pre"], layer["post"], layer["zero"]
        )
        for n in neurons:
            body += struct.pack("<iB", n["bias"], n["multiplier"]) + bytes(w + 128 for w in n["weights"])
    outputs = len(network["layers"][-1]["neurons"])
    return b"L8" + struct.pack("<4BH", 1, len(network["layers"]), len(network["inputs"]), outputs, 8 + len(body)) + body


def run(network, raw):
    a = [clamp(((raw[i["channel"]] - i["offset"]) * i["gain"] + i["bias"]) >> i["shift"]) for i in network["inputs"]]
    for layer in network["layers"]:
        u = []
        for n in layer["neurons"]:
            acc = n["bias"] + sum(w * x for w, x in zip(n["weights"], a, strict=True))
            t = acc >> layer["pre"]
            assert -(2**23) <= acc < 2**23 and -(2**15) <= t < 2**15
            u.append(clamp(layer["zero"] + ((t * n["multiplier"] + 2 ** (layer["post"] - 1)) >> layer["post"])))
        if layer["activation"] == SIGMOID:
            u = [SIGMOID_TABLE[x] for x in u]
        elif layer["activation"] == TANH:
            u = [TANH_TABLE[x] for x in u]
        a = u
    return {"class": int(a[0] >= 128) if len(a) == 1 else a.index(max(a)), "scores": a}


def least_pre(neurons):
    """The least preShift for which every neuron's reach fits in 16 bits."""
    low = min(n["bias"] + 255 * sum(min(w, 0) for w in n["weights"]) for n in neurons)
    high = max(n["bias"] + 255 * sum(max(w, 0) for w in n["weights"]) for n in neurons)
    return next(s for s in range(16) if low >> s >= -32768 and high >> s <= 32767)


def random_layer(dice, inputs, outputs, activation, zero_in):
    """Weights all over their range; requantisation such that sums of usual size spread over the byte without always saturating."""
    neurons = []
    for _ in range(outputs):
        weights = [dice.between(-127, 127) for _ in range(inputs)]
        bias = -zero_in * sum(weights) + dice.between(-4000, 4000)
        neurons.append({"bias": bias, "multiplier": dice.between(16, 255), "weights": weights})
    pre = least_pre(neurons)
    usual = 73 * 60 * math.sqrt(inputs)  # deviation of a sum of w · (a − zero)
    post = max(1, min(23, round(math.log2(usual * 135 / 50)) - pre))
    zero = {LINEAR: 110, RELU: 0, SIGMOID: 128, TANH: 128}[activation]
    return {"activation": activation, "pre": pre, "post": post, "zero": zero, "neurons": neurons}


def adc_input(dice, channel):
    """As for a 10-bit converter: a centre within its range becomes 128; a count is 0.08 to 1 steps."""
    shift = dice.between(8, 13)
    gain = max(1, (2**shift * dice.between(8, 100)) // 100)
    bias = (128 << shift) + (1 << (shift - 1)) + dice.between(-gain // 2, gain // 2)
    return {"channel": channel, "shift": shift, "offset": dice.between(200, 800), "gain": gain, "bias": bias}


def random_network(seed, widths, activations, channels=None):
    dice = Dice(seed)
    channels = channels or [i % CHANNELS for i in range(widths[0])]
    inputs = [adc_input(dice, c) for c in channels]
    layers, zero = [], 128
    for n_in, n_out, activation in zip(widths, widths[1:], activations, strict=False):
        layers.append(random_layer(dice, n_in, n_out, activation, zero))
        zero = {LINEAR: 110, RELU: 0, SIGMOID: 0, TANH: 128}[activation]
    return {"inputs": inputs, "layers": layers}


def readings(seed, count):
    """Corners first, then the ADC's range, then a few over the whole of 16 bits."""
    dice = Dice(seed)
    rows = [[0] * CHANNELS, [1023] * CHANNELS, [-32768] * CHANNELS, [32767] * CHANNELS]
    rows += [[dice.between(0, 1023) for _ in range(CHANNELS)] for _ in range(count)]
    rows += [[dice.between(-32768, 32767) for _ in range(CHANNELS)] for _ in range(4)]
    return rows


def as_it_is(channel):
    """An input whose activation is the count itself, clamped to a byte."""
    return {"channel": channel, "shift": 0, "offset": 0, "gain": 1, "bias": 0}


def neuron(weights, bias=0, multiplier=128):
    return {"bias": bias, "multiplier": multiplier, "weights": weights}


def layer(neurons, activation=LINEAR, pre=0, post=7, zero=0):
    return {"activation": activation, "pre": pre, "post": post, "zero": zero, "neurons": neurons}


def first(values):
    """Readings in which channel 0 takes these values."""
    return [[v, 0, 0, 0, 0, 0] for v in values]


def cases():
    yield "6-16-4 relu, linear", random_network(1, [6, 16, 4], [RELU, LINEAR]), readings(101, 24)
    yield "6-8-8-3 tanh, sigmoid, linear", random_network(2, [6, 8, 8, 3], [TANH, SIGMOID, LINEAR]), readings(102, 24)
    yield "6-8-8-3 sigmoid, tanh, sigmoid", random_network(3, [6, 8, 8, 3], [SIGMOID, TANH, SIGMOID]), readings(103, 16)
    yield "one layer, channels out of order", random_network(4, [3, 5], [LINEAR], [5, 0, 3]), readings(104, 16)
    yield "one channel used by every input", random_network(5, [4, 3, 2], [RELU, TANH], [2, 2, 2, 2]), readings(105, 12)
    yield "four layers, every activation", random_network(6, [4, 6, 5, 7, 3], [TANH, RELU, SIGMOID, LINEAR]), readings(106, 16)
    yield "width 17 after 16: tiles do not divide", random_network(7, [6, 17, 3], [RELU, LINEAR]), readings(107, 12)
    yield "width 32, larger than 640 bytes", random_network(8, [32, 32, 8], [RELU, LINEAR]), readings(108, 12)
    yield "one output, sigmoid", random_network(9, [6, 5, 1], [TANH, SIGMOID]), readings(109, 24)

    same = {"inputs": [as_it_is(0)], "layers": [layer([neuron([1])])]}
    yield "one output: class turns at 128", same, first([-1, 0, 1, 126, 127, 128, 129, 254, 255, 256])
    for name, activation in (("sigmoid", SIGMOID), ("tanh", TANH)):
        whole = {"inputs": [as_it_is(0)], "layers": [layer([neuron([1])], activation)]}
        yield f"the whole {name} table", whole, first(range(256))

    turned = {"inputs": [as_it_is(0)], "layers": [layer([neuron([-1], multiplier=m) for m in (1, 3, 127, 255)], zero=255)]}
    yield "negative sums round towards minus infinity after the half", turned, first([0, 1, 2, 31, 64, 65, 127, 128, 200, 255])

    ties = {"inputs": [as_it_is(c) for c in range(3)], "layers": [layer([neuron([int(i == j) for i in range(3)]) for j in range(3)])]}
    yield "ties: the first of equals", ties, [
        [9, 9, 9, 0, 0, 0],
        [9, 8, 9, 0, 0, 0],
        [8, 9, 9, 0, 0, 0],
        [9, 9, 8, 0, 0, 0],
        [300, 400, 255, 0, 0, 0],
        [-5, 0, -9, 0, 0, 0],
        [1, 2, 3, 0, 0, 0],
    ]

    wide_inputs = [
        {"channel": 0, "shift": 0, "offset": -32768, "gain": 16383, "bias": -(2**24)},
        {"channel": 1, "shift": 15, "offset": 32767, "gain": 16383, "bias": 2**24},
        {"channel": 2, "shift": 15, "offset": -32768, "gain": 127, "bias": 16384},
        {"channel": 3, "shift": 15, "offset": 0, "gain": 0, "bias": 2**22 + 16384},
        {"channel": 4, "shift": 1, "offset": 512, "gain": 1, "bias": 257},
        {"channel": 5, "shift": 8, "offset": -7, "gain": 256, "bias": -1},
    ]
    unit = [neuron([int(i == j) for i in range(6)]) for j in range(6)]
    edges = [-32768, -32767, -8, -7, -6, -1, 0, 1, 255, 256, 511, 512, 513, 1023, 32766, 32767]
    yield "inputs at the ends of their ranges", {"inputs": wide_inputs, "layers": [layer(unit)]}, [
        *([e] * 6 for e in edges),
        [-31744, 32000, 0, 5, 300, 100],
        [-31743, 32510, 31000, -5, 700, -100],
    ]

    most = 2**22
    heavy = [
        neuron([127] * 6, most, 255),
        neuron([-127] * 6, -most, 255),
        neuron([127, -127] * 3, 0, 1),
        neuron([-127, 127, 1, -1, 0, 0], 5000, 16),
    ]
    for name, pre, post, zero in (("large", 8, 14, 128), ("largest", 15, 1, 7), ("sharp", 8, 1, 0), ("flat", 8, 23, 200)):
        network = {"inputs": [as_it_is(c) for c in range(6)], "layers": [layer(heavy, LINEAR, pre, post, zero)]}
        yield f"sums at the limit, {name}", network, [
            [0] * 6,
            [255] * 6,
            [255, 0] * 3,
            [0, 255] * 3,
            [1, 2, 3, 250, 251, 252],
            [255, 0, 255, 0, 17, 17],
            [3, 0, 0, 0, 0, 0],
        ]
    reach = [
        neuron([127, 1], -32768, 255),
        neuron([-127, -1], 32767, 255),
        neuron([1, -1], 32767 - 255, 130),
        neuron([-1, 1], -32768 + 255, 2),
    ]
    for post in (1, 9, 16):
        network = {"inputs": [as_it_is(0), as_it_is(1)], "layers": [layer(reach, LINEAR, 0, post, 128)]}
        yield f"a reach of exactly 16 bits, postShift {post}", network, [
            [a, b, 0, 0, 0, 0] for a, b in ((0, 0), (255, 0), (0, 255), (255, 255), (128, 1), (254, 255))
        ]
    odd_zero = {"inputs": [as_it_is(0)], "layers": [layer([neuron([1]), neuron([-1])], RELU, zero=9), layer([neuron([1, 0]), neuron([0, 1])], TANH, zero=1)]}
    yield "zero is used as it stands, whatever the activation", odd_zero, first([0, 1, 8, 9, 10, 128, 255])


def refused():
    """One good image, one thing wrong at a time."""
    network = random_network(20, [6, 4, 3], [RELU, LINEAR])
    good = image(network)

    def changed(offset, *values):
        return good[:offset] + bytes(values) + good[offset + len(values) :]

    def packed(offset, form, value):
        return changed(offset, *struct.pack("<" + form, value))

    layer0 = 8 + 10 * 6
    neuron0 = layer0 + 6
    layer1 = neuron0 + 4 * (5 + 6)
    neuron1 = layer1 + 6
    size = len(good)

    yield "empty", b"", "no bytes"
    yield "header cut short", good[:7], "fewer bytes than a header"
    yield "header only", good[:8], "size says more"
    yield "first byte", changed(0, 0x6C), "not L8"
    yield "second byte", changed(1, 0x39), "not L8"
    yield "version 0", changed(2, 0), "version"
    yield "version 2", changed(2, 2), "version"
    yield "no layers", changed(3, 0), "layers 1 to 4"
    yield "five layers", changed(3, 5), "layers 1 to 4"
    yield "one layer said, two there", changed(3, 1), "outputs and size"
    yield "three layers said, two there", changed(3, 3), "size"
    yield "no inputs", changed(4, 0), "inputs 1 to 32"
    yield "33 inputs", changed(4, 33), "inputs 1 to 32"
    yield "one input fewer than the first layer has", changed(4, 5), "chain of widths"
    yield "no outputs", changed(5, 0), "outputs 1 to 32"
    yield "outputs are not the last layer's", changed(5, 4), "chain of widths"
    yield "size one short", packed(6, "H", size - 1), "size"
    yield "size one over", packed(6, "H", size + 1), "size"
    yield "a byte missing", good[:-1], "size"
    yield "a byte missing, size in agreement", packed(6, "H", size - 1)[:-1], "size"
    yield "a byte too many", good + b"\x80", "size"
    yield "a byte too many, size in agreement", packed(6, "H", size + 1) + b"\x80", "size"
    yield "channel 6 of 0 to 5", changed(8, 6), "channel"
    yield "last input's channel 255", changed(8 + 50, 255), "channel"
    yield "input shift 16", changed(9, 16), "shift 0 to 15"
    yield "gain 16384", packed(12, "H", 16384), "gain 0 to 16383"
    yield "gain -1", packed(12, "h", -1), "gain 0 to 16383"
    yield "input bias over", packed(14, "i", 2**24 + 1), "input bias"
    yield "input bias under", packed(14, "i", -(2**24) - 1), "input bias"
    yield "input bias the least integer", packed(14, "i", -(2**31)), "input bias"
    yield "first layer one input more", changed(layer0, 7), "chain of widths"
    yield "first layer without outputs", changed(layer0 + 1, 0), "widths 1 to 32"
    yield "first layer with 33 outputs", changed(layer0 + 1, 33), "widths 1 to 32"
    yield "second layer one input fewer", changed(layer1, 3), "chain of widths"
    yield "activation 4", changed(layer0 + 2, 4), "activation 0 to 3"
    yield "last activation 255", changed(layer1 + 2, 255), "activation 0 to 3"
    yield "preShift 16", changed(layer0 + 3, 16), "preShift 0 to 15"
    yield "postShift 0", changed(layer0 + 4, 0), "postShift 1 to 23"
    yield "postShift 24", changed(layer1 + 4, 24), "postShift 1 to 23"
    yield "layer bias over", packed(neuron0, "i", 2**22 + 1), "layer bias"
    yield "layer bias under", packed(neuron0, "i", -(2**22) - 1), "layer bias"
    yield "layer bias the greatest integer", packed(neuron1, "i", 2**31 - 1), "layer bias"
    yield "multiplier 0", changed(neuron0 + 4, 0), "multiplier 1 to 255"
    yield "first weight 0", changed(neuron0 + 5, 0), "weights 1 to 255"
    yield "last weight 0", changed(size - 1, 0), "weights 1 to 255"

    def small(weights, bias, pre):
        return image({"inputs": [as_it_is(0), as_it_is(1)], "layers": [layer([neuron(weights, bias)], LINEAR, pre)]})

    yield "reach one over 32767", small([1, 1], 32768 - 510, 0), "reach"
    yield "reach one under -32768", small([-1, -1], -32769 + 510, 0), "reach"
    yield "reach one over after preShift 3", small([127, -127], 262144 - 255 * 127, 3), "reach"
    yield "reach one under after preShift 3", small([127, -127], -262145 + 255 * 127, 3), "reach"
    yield "reach of the bias alone", small([-127, -127], 2**22, 4), "reach"


def main():
    vectors = {
        "tables": {"sigmoid": bytes(SIGMOID_TABLE).hex(), "tanh": bytes(TANH_TABLE).hex()},
        "cases": [
            {"name": name, "image": image(network).hex(), "inputs": rows, "outputs": [run(network, r) for r in rows]}
            for name, network, rows in cases()
        ],
        "refused": [{"name": name, "image": data.hex(), "why": why} for name, data, why in refused()],
    }
    for case in vectors["cases"]:
        assert len(case["image"]) <= 1280 or "larger than 640" in case["name"], case["name"]
    lines = ["{", '"tables": ' + json.dumps(vectors["tables"]) + ","]
    for key, end in (("cases", ","), ("refused", "")):
        lines += [f'"{key}": [', ",\n".join(json.dumps(v, separators=(",", ":")) for v in vectors[key]), "]" + end]
    lines.append("}")
    pathlib.Path(__file__).with_name("int8-vectors.json").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
