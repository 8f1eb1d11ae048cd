import { bytes, date } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import type { Attachment, NoticesBody } from '../../core/types';
import { Facts } from '../../core/ui/Status';
import type { SectionProps, Tab } from '../model';
import { p } from '../words';
import { Nothing, SectionFrame } from './frame';

export const noticesTab = ({ items }: NoticesBody): Tab => (items.length ? { count: items.length } : {});

/** "PDF" of "…/report.pdf", which people know better than "vnd.openxmlformats-officedocument"; else of the type. */
const kind = ({ type, url }: Attachment) =>
  (/\.(\w{1,5})$/.exec(url)?.[1] ?? type.split(/[/.]/).pop() ?? '').slice(0, 5).toUpperCase();

export function NoticesSection({ section, body }: SectionProps<NoticesBody>) {
  return (
    <SectionFrame title={section.title}>
      {!body.items.length && <Nothing>{p.noticesNone}</Nothing>}
      <ul>
        {body.items.map((notice) => (
          <li class="notice" key={notice.id}>
            <h3 class="t">{notice.title}</h3>
            <p class="d">
              <Facts of={[p.publishedOn(date(notice.published_on)), notice.project?.name]} />
            </p>
            {notice.body && <p class="f14 text">{notice.body}</p>}
            {notice.attachments.map((file) => (
              <a class="file" key={file.url} href={file.url} target="_blank" rel="noopener">
                <Icon name="dl" size="s" />
                <span class="grow">{file.title}</span>
                <span class="mut f13 nw">
                  {kind(file)} {bytes(file.size)}
                </span>
              </a>
            ))}
          </li>
        ))}
      </ul>
    </SectionFrame>
  );
}
