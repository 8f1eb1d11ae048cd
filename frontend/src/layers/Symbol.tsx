import { Icon } from '../core/icons/Icon';
import { pointStyle } from './styles';

/** The symbol of a layer in legend and chips: the form it has on the map. */
export function LayerSymbol({
  layer,
  icon,
}: {
  layer: { key: string; geometry: string; icon?: string };
  icon?: string;
}) {
  if (layer.geometry !== 'point') return <i class={`sym line ${layer.key}`} aria-hidden="true" />;
  const style = pointStyle(layer.key);
  return (
    <i class={`sym ${style.form}`}>
      <Icon name={icon ?? style.sign} size="xs" />
    </i>
  );
}
