/** The open case: what was reported, what is suggested, what was done, and what may be done now. */

import { useEffect } from 'preact/hooks';
import { t } from '../../../core/i18n';
import { Icon } from '../../../core/icons/Icon';
import { printPage } from '../../../core/print';
import { LoadNote } from '../../../core/ui/Notes';
import { Facts, Status } from '../../../core/ui/Status';
import { Bar } from '../moves/bar';
import { choose, chosen, overtaken } from '../moves/doing';
import { MoveForm, Overtaken } from '../moves/form';
import { type Case, openCase, opened, openKey, openNumber } from '../store';
import { dayOf, limitOf, momentOf, rowLook } from '../times';
import { c } from '../words';
import { Answers } from './answers';
import { Contact } from './contact';
import { History } from './history';
import { Pictures } from './pictures';
import { Remarks, Shown } from './remarks';
import { Suggestions } from './suggestions';
import { Work } from './work';

function statusOf({ report, order }: Case) {
  if (report) return { look: rowLook(report), title: report.status_title, limit: limitOf(report) };
  if (!order) return null;
  const { row } = order;
  const look = rowLook({ status: row.state, level: row.level });
  return { look, title: row.state_title, limit: row.finished_at ? '' : momentOf(row.due_at) };
}

function Head({ now }: { now: Case }) {
  const { report, order } = now;
  const status = statusOf(now);
  return (
    <div class="dth">
      <div class="row">
        {status && <Status status={status.look} title={status.title} detail={status.limit && c.until(status.limit)} />}
        <span class="grow" />
        <button type="button" class="x" aria-label={c.print} onClick={printPage}>
          <Icon name="print" size="s" />
        </button>
        <button type="button" class="x" aria-label={t.close} onClick={() => openCase(null)}>
          <Icon name="close" size="s" />
        </button>
      </div>
      <h2 tabIndex={-1}>
        {report?.title ?? order?.row.title} {(report ?? order?.row)?.is_urgent && <em>{c.urgent}</em>}
      </h2>
      <p class="f13 sub">
        {report ? (
          <Facts
            of={[
              report.number,
              report.village_name,
              momentOf(report.submitted_at),
              report.channel_title,
              report.confidence_title,
              report.followers > 0 && c.followers(report.followers),
            ]}
          />
        ) : (
          order && <Facts of={[`#${order.row.id}`, order.row.village?.name, dayOf(order.row.opened_at)]} />
        )}
      </p>
    </div>
  );
}

function Told({ now: { report, order } }: { now: Case }) {
  if (!report)
    return order?.row.link ? (
      <p>
        <a class="link f14" href={order.row.link}>
          {c.onMap}
        </a>
      </p>
    ) : null;
  return (
    <>
      <p class="told">{report.text}</p>
      {report.address && (
        <p class="f14 sub row">
          <Icon name="pin" size="xs" /> {report.address}
        </p>
      )}
      <Answers report={report} />
      <Pictures report={report} />
      <Shown report={report} />
      {report.merged.length > 0 && <p class="f14 sub">{c.merged(report.merged.join('、'))}</p>}
      {report.merged_into && (
        <p class="note">
          {c.mergedInto}{' '}
          <button type="button" class="link" onClick={() => void openNumber(report.merged_into ?? '')}>
            {report.merged_into}
          </button>
        </p>
      )}
    </>
  );
}

function Body({ now }: { now: Case }) {
  const act = chosen.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="dtb" tabIndex={0} aria-label={c.details}>
      {overtaken.value && <Overtaken steps={overtaken.value} />}
      <Told now={now} />
      {now.report && <Suggestions now={now} report={now.report} />}
      {now.report && <Contact key={now.report.id} report={now.report} />}
      <Work now={now} />
      {now.report && <Remarks report={now.report} />}
      <History now={now} />
      {act && <MoveForm key={`${act.of}.${act.name}`} act={act} />}
    </section>
  );
}

export function CasePanel() {
  const load = opened.state.value;
  const key = openKey.value;
  useEffect(() => {
    choose(null);
    overtaken.value = null;
  }, [key]);
  const now = load.key === key ? load.data : undefined;
  return (
    <aside class="dt card" aria-label={c.details}>
      {!now && (
        <div class="dth">
          <div class="row">
            <span class="grow" />
            <button type="button" class="x" aria-label={t.close} onClick={() => openCase(null)}>
              <Icon name="close" size="s" />
            </button>
          </div>
          <LoadNote what={c.details} load={load} again={opened.again} />
        </div>
      )}
      {now && (
        <>
          <Head now={now} />
          <Body now={now} />
          {!chosen.value && <Bar on={now} />}
        </>
      )}
    </aside>
  );
}
