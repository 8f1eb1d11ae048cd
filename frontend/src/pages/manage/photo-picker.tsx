import { useId } from 'preact/hooks';
import { Icon } from '../../core/icons/Icon';
import { m } from './words';

/** The button that opens the camera or the photos of a phone; the same ones may be taken again. */
export function PhotoPicker({ take, wide }: { take: (files: File[]) => Promise<void>; wide?: boolean }) {
  const id = useId();
  return (
    <>
      <input
        id={id}
        class="sr"
        type="file"
        multiple
        accept="image/*,.heic,.heif"
        onChange={(event) => {
          void take([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <label for={id} class={wide ? 'btn soft block' : 'btn soft'}>
        <Icon name="photo" size="s" />
        {m.photosTake}
      </label>
    </>
  );
}
