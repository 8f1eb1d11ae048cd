/** Two reports side by side, to say whether they are the same. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../../core/api';
import { date, distance } from '../../../core/format';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { Skeleton } from '../../../core/ui/Notes';
import { Facts, Status } from '../../../core/ui/Status';
import { openDialog } from '../../../panel/dialog';
import { desk } from '../api';
import { actsOf } from '../moves/bar';
import { choose } from '../moves/doing';
import type { Case } from '../store';
import { limitOf, rowLook } from '../times';
import type { Report, Similar } from '../types';
import { c } from '../words';
import { Pictures } from './pictures';

function Side({ report, title }: { report: Report; title: string }) {
  return (
    <section class="side" aria-label={title}>
      <p class="hint">{title}</p>
      <h2>{report.title}</h2>
      <Status status={rowLook(report)} title={report.status_title} detail={limitOf(report) || undefined} />
      <p class="f13 sub">
        <Facts
          of={[report.number, report.village_name, date(report.submitted_at), report.category_title, report.lead_unit]}
        />
      </p>
      <p class="told">{report.text}</p>
      <Pictures report={report} plain />
    </section>
  );
}

/** The other case, in full where it is the viewer's business. */
async function found(number: string): Promise<Report | string> {
  const id = await desk.find(number);
  return id === null ? c.notYours : desk.get(id);
}

function Other({ alike }: { alike: Similar }) {
  const other = useSignal<Report | string | null>(null);
  useEffect(() => {
    other.value = null;
    found(alike.number).then(
      (one) => {
        other.value = one;
      },
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        other.value = error.message || t.failed(alike.number);
      },
    );
  }, [alike.number]);
  const now = other.value;
  if (now === null) return <Skeleton />;
  if (typeof now === 'string') return <p class="note late">{now}</p>;
  return <Side report={now} title={`${c.s.duplicate}: ${distance(alike.distance_m)}`} />;
}

function Compare({ now, report, close }: { now: Case; report: Report; close: () => void }) {
  const { duplicates } = report.suggestions;
  const at = useSignal(0);
  const alike = duplicates[at.value];
  const merge = actsOf(now).find(({ name }) => name === 'merge');
  return (
    <div class="compare">
      <div class="row">
        <h1 class="grow">{c.compareTitle}</h1>
        <button type="button" class="x" aria-label={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {duplicates.length > 1 && (
        <div class="wrapped">
          {duplicates.map((one, index) => (
            <button
              key={one.number}
              type="button"
              class="chip line"
              aria-pressed={index === at.value}
              onClick={() => {
                at.value = index;
              }}
            >
              {one.number}
            </button>
          ))}
        </div>
      )}
      <div class="sides">
        <Side report={report} title={c.thisOne} />
        {alike && <Other key={alike.number} alike={alike} />}
      </div>
      {merge && alike && (
        <button
          type="button"
          class="btn pri"
          onClick={() => {
            close();
            choose({ ...merge }, { into: alike.number });
          }}
        >
          {c.mergeInto(alike.number)}
        </button>
      )}
    </div>
  );
}

export function openCompare(now: Case, report: Report, opener: HTMLElement): void {
  openDialog('comparing', c.compareTitle, opener, (close) => <Compare now={now} report={report} close={close} />);
}
