import { useId } from 'preact/hooks';
import { Icon } from '../icons/Icon';

export const PHOTOS = 'image/*,.heic,.heif';

interface Props {
  title: string;
  icon: string;
  take: (files: File[]) => unknown;
  /** Classes of what is pressed. */
  look?: string;
  accept?: string | undefined;
  /** Straight to the camera, one at a time. */
  camera?: boolean;
}

/** Opens the camera, the photos or the files of a device; the same ones may be taken again. */
export function FilePicker({ title, icon, take, look, accept = PHOTOS, camera }: Props) {
  const id = useId();
  return (
    <>
      <input
        id={id}
        class="sr"
        type="file"
        accept={accept}
        multiple={!camera}
        capture={camera ? 'environment' : undefined}
        onChange={({ currentTarget }) => {
          take([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <label for={id} class={look}>
        <Icon name={icon} size={look ? 's' : undefined} />
        {title}
      </label>
    </>
  );
}
