/** Parts of a photo that are to be blurred: drawn and moved with a pointer, or placed and stretched by keys. */

import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from '../../../core/icons/Icon';
import type { Picture } from '../types';
import { c } from '../words';

/** Shares of the upright picture, from its upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const STEP = 0.02;
/** What is smaller was a slip of the finger. */
const LEAST = 0.015;
const NEW: Box = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 };

const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/** Moved or stretched, and still inside the picture. */
function shifted({ x, y, width, height }: Box, right: number, down: number, stretches = false): Box {
  if (stretches) {
    return {
      x,
      y,
      width: between(STEP, width + right, 1 - x),
      height: between(STEP, height + down, 1 - y),
    };
  }
  return { x: between(0, x + right, 1 - width), y: between(0, y + down, 1 - height), width, height };
}

const spanned = ([x1, y1]: number[], [x2, y2]: number[]): Box => {
  const [left = 0, right = 0] = [x1 ?? 0, x2 ?? 0].sort((a, b) => a - b);
  const [top = 0, bottom = 0] = [y1 ?? 0, y2 ?? 0].sort((a, b) => a - b);
  return { x: left, y: top, width: right - left, height: bottom - top };
};

const ARROWS: Record<string, [right: number, down: number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
const placed = ({ x, y, width, height }: Box) => ({
  left: percent(x),
  top: percent(y),
  width: percent(width),
  height: percent(height),
});

interface Props {
  photo: Picture;
  boxes: Signal<Box[]>;
}

/** Where a pointer is, and what it holds: the number of a box, or the corner where a new one began. */
interface Drag {
  held: number | null;
  from: number[];
}

function put(boxes: Signal<Box[]>, index: number, box: Box): void {
  boxes.value = boxes.value.map((one, at) => (at === index ? box : one));
}

/** Drawing a new box, and moving one that is there. */
function usePointer(area: RefObject<HTMLDivElement | null>, boxes: Signal<Box[]>, draft: Signal<Box | null>) {
  const drag = useRef<Drag | null>(null);
  const share = ({ clientX, clientY }: PointerEvent): number[] => {
    const { left = 0, top = 0, width = 1, height = 1 } = area.current?.getBoundingClientRect() ?? {};
    return [between(0, (clientX - left) / width, 1), between(0, (clientY - top) / height, 1)];
  };
  const begin = (event: PointerEvent) => {
    const held = (event.target as HTMLElement).closest<HTMLElement>('[data-box]')?.dataset.box;
    drag.current = { held: held === undefined ? null : Number(held), from: share(event) };
    area.current?.setPointerCapture(event.pointerId);
    if (held === undefined) event.preventDefault();
  };
  const go = (event: PointerEvent) => {
    if (!drag.current) return;
    const { held, from } = drag.current;
    const to = share(event);
    const box = held === null ? null : boxes.value[held];
    if (held === null || !box) {
      draft.value = spanned(from, to);
      return;
    }
    put(boxes, held, shifted(box, (to[0] ?? 0) - (from[0] ?? 0), (to[1] ?? 0) - (from[1] ?? 0)));
    drag.current.from = to;
  };
  const end = () => {
    const made = draft.value;
    if (made && made.width > LEAST && made.height > LEAST) boxes.value = [...boxes.value, made];
    draft.value = null;
    drag.current = null;
  };
  return { onPointerDown: begin, onPointerMove: go, onPointerUp: end, onPointerCancel: end };
}

interface BlurProps {
  box: Box;
  index: number;
  boxes: Signal<Box[]>;
  remove: () => void;
}

function Blur({ box, index, boxes, remove }: BlurProps) {
  const press = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (arrow) put(boxes, index, shifted(box, ...arrow, event.shiftKey));
    else if (event.key === 'Delete' || event.key === 'Backspace') remove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <button
      type="button"
      class="blur"
      data-box={index}
      style={placed(box)}
      aria-label={c.blurAt(index + 1, percentOf(box))}
      onKeyDown={press}
    />
  );
}

export function Blurs({ photo, boxes }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const draft = useSignal<Box | null>(null);
  const pointer = usePointer(area, boxes, draft);
  const remove = (index: number) => {
    boxes.value = boxes.value.filter((_, at) => at !== index);
    adder.current?.focus();
  };
  const add = () => {
    boxes.value = [...boxes.value, NEW];
    requestAnimationFrame(() => area.current?.querySelector<HTMLElement>('button:last-of-type')?.focus());
  };
  return (
    <>
      <div class="blurs" ref={area} {...pointer}>
        <img src={photo.large} alt={photo.alt} draggable={false} width={photo.width} height={photo.height} />
        {boxes.value.map((box, index) => (
          <Blur key={index} box={box} index={index} boxes={boxes} remove={() => remove(index)} />
        ))}
        {draft.value && <i class="blur" style={placed(draft.value)} />}
      </div>
      <p class="row wrap f13 sub">
        <button type="button" class="btn sm" ref={adder} onClick={add}>
          <Icon name="plus" size="s" />
          {c.addBlur}
        </button>
        {boxes.value.length > 0 && (
          <button type="button" class="btn sm" onClick={() => remove(boxes.value.length - 1)}>
            {c.dropBlur}
          </button>
        )}
        <span class="grow">{c.blurHint}</span>
      </p>
    </>
  );
}

const percentOf = ({ x, y, width, height }: Box): number[] => [x, y, width, height].map((one) => Math.round(one * 100));
