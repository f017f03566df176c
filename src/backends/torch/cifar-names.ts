/**
 * What published networks for CIFAR in PyTorch (akamaster/pytorch_resnet_cifar10, kuangliu/pytorch-cifar)
 * name otherwise than torchvision: the head is `linear`, and a projection `shortcut`.
 */

/** The name there of a tensor that torchvision calls `name`. */
export function toCifar(name: string): string {
  return name.replace(/^fc\./, "linear.").replace(/^(layer\d+\.\d+)\.downsample\./, "$1.shortcut.");
}

/** Torchvision's name of a tensor that is called `name` there, or is so by torchvision already. */
export function fromCifar(name: string): string {
  return name.replace(/^linear\./, "fc.").replace(/^(layer\d+\.\d+)\.shortcut\./, "$1.downsample.");
}

/** Whether a tensor of that name is called otherwise than by torchvision. */
export function isCifarName(name: string): boolean {
  return fromCifar(name) !== name;
}
