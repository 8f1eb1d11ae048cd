/** Measured lengths and areas as people write them. */

import { boot } from '../../../core/boot';
import { w } from './words';

/** 15 亩 are a hectare. Source: 《计量单位中文名称》, 1 亩 = 10,000 / 15 m². */
const MU = 10_000 / 15;

/** Four figures: finer than a finger on a map can be. */
const figures = new Intl.NumberFormat(boot.lang === 'en' ? 'en-GB' : 'zh-CN', { maximumSignificantDigits: 4 });
const figure = (value: number) => figures.format(value);

export const lengthText = (metres: number): string =>
  metres < 1000 ? w.metres(figure(metres)) : w.kilometres(figure(metres / 1000));

/** A yard in 平方米, a field in 亩 and 公顷, a village in 平方公里; the second in brackets. */
export function areaText(squareMetres: number): string {
  const mu = w.mu(figure(squareMetres / MU));
  if (squareMetres < 10_000) return `${w.squareMetres(figure(squareMetres))} (${mu})`;
  if (squareMetres < 1_000_000) return `${mu} (${w.hectares(figure(squareMetres / 10_000))})`;
  return `${w.squareKilometres(figure(squareMetres / 1_000_000))} (${mu})`;
}
