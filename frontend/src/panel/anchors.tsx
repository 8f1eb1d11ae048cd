/** The tabs over a panel: one link per section, which the address keeps (`s=phones`), so that it can be sent. */

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../core/format';
import { t } from '../core/i18n';
import { Mark } from '../core/icons/Icon';
import type { Section } from '../core/types';
import { addressWith, section as asked, openSection } from '../core/url';
import { sectionEntry } from './registry';
import { p } from './words';

const LOCK_MS = 600;

export const anchor = (key: string): string => `section-${key}`;

interface TabsProps {
  sections: Section[];
  current: string;
  go(key: string): void;
}

export function AnchorTabs({ sections, current, go }: TabsProps) {
  const follow = (event: MouseEvent, key: string) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openSection(key);
    go(key);
  };
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [current]);
  return (
    <nav class="anch" aria-label={t.contents} ref={bar}>
      {sections.map((section) => {
        const tab = section.unavailable ? {} : (sectionEntry(section.key).tab?.(section.body) ?? {});
        return (
          <a
            key={section.key}
            href={addressWith('s', section.key)}
            aria-current={current === section.key ? 'true' : undefined}
            onPointerDown={(event) => {
              event.currentTarget.href = addressWith('s', section.key); // the map may have moved since it was drawn
            }}
            onClick={(event) => follow(event, section.key)}
          >
            {p.tabs[section.key] ?? section.title}
            {tab.count !== undefined && ` ${number(tab.count)}`}
            {tab.mark && (
              <>
                <Mark name={tab.mark} />
                <span class="sr">{p.worst}</span>
              </>
            )}
          </a>
        );
      })}
    </nav>
  );
}

/** Which section is at the top of the scrolling body, and a way to jump; goes where the address says. */
export function useAnchors(place: string, sections: Section[]) {
  const body = useRef<HTMLDivElement>(null);
  const current = useSignal('');
  const locked = useRef(0);
  const shown = useRef('');
  const at = (key: string) => {
    const target = key && body.current?.querySelector(`#${CSS.escape(anchor(key))}`);
    return target instanceof HTMLElement ? target : null;
  };
  /** Scrolls to a section, or to the top; the keyboard goes on from there when `focus`. */
  const go = (key: string, focus = true) => {
    const target = at(key);
    if (!body.current || (key && !target)) return;
    shown.current = place + key;
    current.value = key;
    locked.current = Date.now() + LOCK_MS;
    const calm = !focus || matchMedia('(prefers-reduced-motion: reduce)').matches;
    // The body is positioned, so that what lies in it counts from its own top.
    body.current.scrollTo({ top: target?.offsetTop ?? 0, behavior: calm ? 'auto' : 'smooth' });
    if (focus) target?.focus({ preventScroll: true });
  };
  const wanted = asked.value;
  useEffect(() => {
    if (sections.length && shown.current !== place + wanted) go(wanted, false);
  }, [place, wanted, sections.length]);
  const onScroll = () => {
    const box = body.current;
    if (!box || Date.now() < locked.current) return;
    const top = box.scrollTop + 80;
    current.value = [...sections].reverse().find(({ key }) => (at(key)?.offsetTop ?? top + 1) <= top)?.key ?? '';
  };
  return { body, current, go, onScroll };
}
