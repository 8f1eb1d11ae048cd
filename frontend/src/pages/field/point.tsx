/** One point: what the scenes show, where it is, and what somebody found there. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { boot } from '../../core/boot';
import { date, distance, moment, number } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { Facts } from '../../core/ui/Status';
import { say } from '../../core/ui/toast';
import { away, begin, check, enqueue, isFar, missing, spot } from './checking';
import { Form } from './form';
import { projectOf } from './list';
import { sendAll } from './outbox';
import { far, isRefused, isVague, placeOf, ringsOf } from './place';
import { isAsked, route } from './route';
import { Sent } from './sent';
import { chipOf, isFull } from './store';
import { chipsOf, isRectified } from './tasks';
import type { Card, Fix, Task } from './types';
import { w } from './words';

/** Of two days in two years both are said with theirs. */
const isOtherYear = (at: string, other: string | null) => Boolean(other) && at.slice(0, 4) !== other?.slice(0, 4);

/** A small picture as it was taken along, else from the server. */
function Chip({ path, side, card }: { path: string; side: 'before' | 'after'; card: Card }) {
  const url = useSignal('');
  const isMissing = useSignal(false);
  useEffect(() => {
    isMissing.value = false;
    if (!path) return;
    let made = '';
    let isGone = false;
    const show = (found: { blob: Blob } | undefined) => {
      if (isGone) return;
      made = found ? URL.createObjectURL(found.blob) : '';
      url.value = made || `${path}?county=${boot.county}`;
    };
    chipOf(path).then(show, () => show(undefined));
    return () => {
      isGone = true;
      URL.revokeObjectURL(made);
    };
  }, [path]);
  const at = card[side].acquired_at;
  const other = card[side === 'before' ? 'after' : 'before'].acquired_at;
  return (
    <figure>
      <div style={{ '--near': nearness(card) }}>
        {path && !isMissing.value ? (
          url.value && (
            <img
              src={url.value}
              alt=""
              onError={() => {
                isMissing.value = true;
              }}
            />
          )
        ) : (
          <p class="f13 sub">{path ? w.noPicture : card.blank_note}</p>
        )}
        <Outline card={card} />
      </div>
      <figcaption>
        <b>
          {w[side]} {at && date(at, isOtherYear(at, other) ? (other ?? '') : undefined)}
        </b>{' '}
        {card[side].sensor}
      </figcaption>
    </figure>
  );
}

/** Share of a picture that a point should take, and how much larger than it was made it is shown at most for that. */
const [SHARE, NEAREST] = [0.5, 2.5];

/** How much larger the middle of a picture is shown, where its point lies: on a telephone it is small. */
function nearness(card: Card): number {
  const [west = 0, south = 0, east = 1, north = 1] = chipsOf(card).box ?? [];
  const [lons, lats] = [0, 1].map((axis) => ringsOf(card)[0]?.map((at) => at[axis] ?? 0) ?? [0]);
  const part = (of: number[] = [], width: number) => (Math.max(...of) - Math.min(...of)) / width;
  const share = Math.max(part(lons, east - west), part(lats, north - south));
  return Math.min(NEAREST, Math.max(1, SHARE / share));
}

function Outline({ card }: { card: Card }) {
  const [west = 0, south = 0, east = 1, north = 1] = chipsOf(card).box ?? [];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const rings = (card.geom as { coordinates: number[][][] }).coordinates;
  return (
    <svg viewBox={`0 0 ${(east - west) * squeeze} ${north - south}`} aria-hidden="true">
      {rings.map((ring, index) => (
        <polygon
          key={index}
          points={ring.map(([x = 0, y = 0]) => `${(x - west) * squeeze},${north - y}`).join(' ')}
          vector-effect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

function Chips({ card }: { card: Card }) {
  const { before, after } = chipsOf(card);
  if (!before && !after) return <p class="f13 sub">{card.blank_note || w.noPicture}</p>;
  return (
    <section class="pairs" aria-label={w.pictures}>
      <Chip path={before} side="before" card={card} />
      <Chip path={after} side="after" card={card} />
    </section>
  );
}

/** Opens the navigation of the telephone itself; iOS does not know the address that all others do (RFC 5870). */
function navigation({ number: name, lonlat: [lon = 0, lat = 0] }: Card): string {
  const at = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  return /iPhone|iPad/.test(navigator.userAgent) ? `maps://?daddr=${at}` : `geo:${at}?q=${at}(${name})`;
}

/** How far the reader is from the outline, and how sure that is. */
function Away({ here }: { here: Fix }) {
  const vague = isVague(here);
  const accuracy = here.accuracy < 1000 ? w.metres(here.accuracy) : distance(here.accuracy);
  return (
    <Facts
      of={[
        (away.value || !vague) && <b key="away">{away.value ? w.away(distance(away.value)) : w.inside}</b>,
        w.accuracy(accuracy),
        isFar.value && (
          <span class="status late" key="far">
            {w.far}
          </span>
        ),
        vague && (
          <span class="status soon" key="vague">
            {w.vague}
          </span>
        ),
      ]}
    />
  );
}

/** Where the reader is, said so that nobody has to look at the map. */
function Where({ card }: { card: Card }) {
  const here = spot.value;
  const [lon = 0, lat = 0] = card.lonlat;
  const isThere = away.value === 0 && here !== null && !isVague(here);
  const straight = isThere ? null : far(card);
  const way = isThere ? null : route.value;
  return (
    <section class="where">
      <p class="row">
        <Icon name={here ? 'locate' : 'offline'} size="s" />
        <span class="grow" role="status">
          {here ? (
            <Away here={here} />
          ) : (
            <>
              <b>{isRefused.value ? w.noRight : w.noPlace}</b>{' '}
              <span class="f13 sub">{isRefused.value ? w.noRightHint : w.noPlaceHint}</span>
            </>
          )}
        </span>
      </p>
      {here && isVague(here) && <p class="f13 sub">{w.vagueHint}</p>}
      <p class="f14 sub">
        <Facts
          of={[
            straight !== null && w.straight(distance(straight)),
            way?.by_road && w.byRoad(distance(way.metres)),
            way && !way.by_road && (isAsked.value ? w.noRoad : w.routeOffline),
            w.coordinates(lon.toFixed(5), lat.toFixed(5)),
          ]}
        />
      </p>
      <a class="btn soft sm" href={navigation(card)}>
        <Icon name="road" size="s" />
        {w.navigate}
      </a>
    </section>
  );
}

export function Point({ task }: { task: Task }) {
  const { card, due_at, leads, order_title } = task;
  return (
    <>
      <h1>
        {card.number} {w.suspected(card.kind_title)}
      </h1>
      <p class="f14 sub">
        <Facts
          of={[
            isRectified(task) && card.state_title,
            placeOf(card),
            projectOf(task),
            w.area(number(Math.round(card.area_m2)), String(card.area_mu)),
            due_at && w.due(moment(Date.parse(due_at))),
            leads ? w.mine : w.others(order_title),
          ]}
        />
      </p>
      <Chips card={card} />
      <Where card={card} />
      <Sent point={card.id} />
      {check.value ? (
        <Form task={task} />
      ) : (
        <button type="button" class="btn" onClick={() => begin(task)}>
          {w.another}
        </button>
      )}
    </>
  );
}

export function PointActs({ task }: { task: Task }) {
  const lacks = missing.value;
  const send = async () => {
    const [first] = missing.peek();
    if (first) {
      say(w.missing[first]);
      return;
    }
    if (!(await enqueue())) return;
    say(w.saved);
    await sendAll();
  };
  if (!check.value || check.value.point !== task.card.id) return null;
  return (
    <footer class="fa">
      <p class="f13 sub grow" role="status">
        {isFull.value ? w.full : lacks[0] && w.missing[lacks[0]]}
      </p>
      <button type="button" class="btn pri" aria-disabled={lacks.length > 0} onClick={() => void send()}>
        {w.save}
      </button>
    </footer>
  );
}
