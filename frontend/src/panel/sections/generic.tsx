import type { SectionProps } from '../model';
import { SectionFrame } from './frame';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const said = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Sections this build has no component for: their sentence, and the titles of their items. */
export function GenericSection({ section, body }: SectionProps<unknown>) {
  const facts = isRecord(body) ? body : {};
  const items = Array.isArray(facts.items) ? facts.items.filter(isRecord) : [];
  return (
    <SectionFrame title={section.title}>
      {said(facts.note) && <p class="f14">{said(facts.note)}</p>}
      <ul>
        {items.map((item, index) => (
          <li class="li" key={said(item.id) || index}>
            <span class="grow">
              <span class="t">{said(item.title) || said(item.name)}</span>
              <span class="d">{said(item.subtitle)}</span>
            </span>
          </li>
        ))}
      </ul>
    </SectionFrame>
  );
}
