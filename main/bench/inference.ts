// Inference of one sample on the laptop, in float and in int8, as live predictions do it.
import { predictor } from '../../model/predict';
import { modelOf, networkOf, plainOf, titleOf } from './networks';
import { type Budget, race } from './race';
import { type BenchResult, lessThan } from './result';

const WIDTHS = [6, 16, 4] as const;
const LIMIT_US = 1;

export function inference(budget: Budget): BenchResult[] {
  const model = modelOf(WIDTHS);
  const float = predictor(model);
  const int8 = predictor(model, 'int8');
  const plain = plainOf(networkOf(WIDTHS));
  const x = model.features.map((_, i) => Math.sin(i + 1));
  const { medianS, runs } = race([() => void float(x), () => void int8(x), () => void plain.predict(x)], budget);
  const [floatUs = NaN, int8Us = NaN, plainUs = NaN] = medianS.map((s) => s * 1e6);
  const size = `${titleOf(WIDTHS)}, one sample`;
  const inFloat = { name: 'inference, float', size, value: floatUs, unit: 'µs', runs };
  const inInt8 = { name: 'inference, int8', size, value: int8Us, unit: 'µs', runs };
  return [
    lessThan({ name: 'limit', value: LIMIT_US }, inFloat),
    lessThan({ name: 'plain JavaScript', value: plainUs }, inFloat),
    lessThan({ name: 'float on this computer', value: floatUs }, inInt8),
  ];
}
