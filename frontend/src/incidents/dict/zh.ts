/** Words of what pages about reports share. */
const zh = {
  photos: '照片',
  photosHint: (most: number) => `最多 ${most} 张，先打码再公开`,
  photoTake: '拍照',
  photoPick: '相册',
  photoAlt: (n: number) => `第 ${n} 张照片`,
  photoRemove: (n: number) => `删除第 ${n} 张照片`,
  photoSending: (percent: number) => `正在上传 ${percent}%`,
  photoDone: '已上传',
  photoWaiting: '存在手机里，等有网络就上传',
  photoKept: '已存',
  photoRefused: '没有上传成功',
  photoTooLarge: '超过 25 MB，请换一张小一点的。',
  photoTrouble: (n: number, why: string) => `第 ${n} 张：${why}`,
  photosTooMany: (left: number, most: number) => `最多 ${most} 张，有 ${left} 张没有加进来。`,
  copy: '复制',
  copied: '已复制',
  copyFailed: '没能复制，请长按网址。',
};

export default zh;
export type SharedDict = typeof zh;
