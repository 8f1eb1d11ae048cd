/** Public notices of a project, with their documents. */

import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo } from 'preact/hooks';
import { bytes } from '../../core/format';
import { Icon } from '../../core/icons/Icon';
import { say } from '../../core/ui/toast';
import { notices } from './api';
import { AreaField, CheckField, Options, TextField } from './fields';
import { attempt, createForm, track } from './form';
import type { FormOptions, Notice } from './types';
import { m } from './words';

interface NoticeValues extends Record<string, unknown> {
  title: string;
  title_en: string;
  body: string;
  body_en: string;
  published_on: string;
  is_published: boolean;
}

const valuesOf = (notice: Notice | null): NoticeValues => ({
  title: notice?.title ?? '',
  title_en: notice?.title_en ?? '',
  body: notice?.body ?? '',
  body_en: notice?.body_en ?? '',
  published_on: notice?.published_on ?? '',
  is_published: notice?.is_published ?? true,
});

function Attachments({
  notice,
  options,
  reload,
}: {
  notice: Notice;
  options: FormOptions;
  reload: () => Promise<void>;
}) {
  const kind = useSignal(options.kinds[0]?.key ?? 'other');
  const id = useId();
  const attach = async (file: File | undefined) => {
    if (!file) return;
    await attempt(async () => {
      await notices.attach(notice.id, file, kind.value);
      say(m.saved);
      await reload();
    });
  };
  const detach = async (attachment: number, title: string) => {
    if (!confirm(m.removeSure(title))) return;
    await attempt(async () => {
      await notices.detach(notice.id, attachment);
      await reload();
    });
  };
  return (
    <div class="attachments">
      <p class="lab">{m.attachments}</p>
      <ul>
        {notice.attachments.map(({ id: attachment, link }) => (
          <li key={attachment} class="row">
            <a class="link grow" href={link.url}>
              {link.title}
            </a>
            <span class="mut f13">{bytes(link.size)}</span>
            <button
              type="button"
              class="x"
              aria-label={`${m.remove} ${link.title}`}
              onClick={() => void detach(attachment, link.title)}
            >
              <Icon name="close" size="s" />
            </button>
          </li>
        ))}
      </ul>
      <div class="addseries">
        <select
          class="inp"
          aria-label={m.attachmentKind}
          value={kind.value}
          onChange={(event) => {
            kind.value = event.currentTarget.value;
          }}
        >
          <Options of={options.kinds} />
        </select>
        <label for={id} class="btn sm">
          {m.attachmentAdd}
        </label>
        <input
          id={id}
          class="sr"
          type="file"
          accept=".pdf,.docx,.xlsx,.txt,.csv"
          onChange={(event) => void attach(event.currentTarget.files?.[0])}
        />
      </div>
    </div>
  );
}

function NoticeForm({
  project,
  notice,
  options,
  reload,
}: {
  project: number;
  notice: Notice | null;
  options: FormOptions;
  reload: () => Promise<void>;
}) {
  const form = useMemo(() => createForm(valuesOf(notice)), [notice?.id, notice?.version]);
  useEffect(() => track(form), [form]);
  const save = () =>
    form.run(async () => {
      const { published_on, ...values } = form.values.value;
      const body = { ...values, ...(published_on && { published_on }) };
      if (notice) await notices.update(notice.id, { ...body, version: notice.version });
      else await notices.create({ ...body, project });
      say(notice ? m.saved : m.made);
      form.reset(form.values.value);
      await reload();
    });
  return (
    <form
      class="noticeform"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField form={form} name="title" label={m.noticeTitle} longest={120} required />
      <TextField form={form} name="title_en" label={m.inEnglish(m.noticeTitle)} longest={240} />
      <AreaField form={form} name="body" label={m.noticeBody} longest={20000} rows={5} />
      <AreaField form={form} name="body_en" label={m.inEnglish(m.noticeBody)} longest={20000} rows={5} />
      <TextField form={form} name="published_on" label={m.noticeDate} type="date" />
      <CheckField form={form} name="is_published" label={m.published} />
      {form.trouble.value && (
        <p class="error" role="alert">
          {form.trouble.value}
        </p>
      )}
      <button type="submit" class="btn pri sm" disabled={form.busy.value}>
        {form.busy.value ? m.saving : notice ? m.save : m.create}
      </button>
      {notice && <Attachments notice={notice} options={options} reload={reload} />}
    </form>
  );
}

export function Notices({
  project,
  list,
  options,
  reload,
}: {
  project: number;
  list: Notice[];
  options: FormOptions;
  reload: () => Promise<void>;
}) {
  return (
    <div class="notices">
      {list.length === 0 && <p class="mut">{m.noNotices}</p>}
      {list.map((notice) => (
        <details key={notice.id} class="card noticecard">
          <summary>
            {notice.title} <span class="mut f13">{notice.published_on}</span>
          </summary>
          <NoticeForm project={project} notice={notice} options={options} reload={reload} />
        </details>
      ))}
      <details class="card noticecard">
        <summary>
          <Icon name="plus" size="s" /> {m.noticeNew}
        </summary>
        <NoticeForm key={list.length} project={project} notice={null} options={options} reload={reload} />
      </details>
    </div>
  );
}
