/** Kinds of things, with the indices of ImageNet's classes that belong to them. */
export const kinds = {
  birds: [7, 17, 87, 97, 127, 137],
  'cold-blooded animals': [27, 37, 47, 57, 67, 77, 107, 117, 307, 317, 327, 397],
  dogs: [157, 167, 177, 187, 197, 207, 217, 227, 237, 247, 257, 267],
  'other mammals': [147, 277, 287, 297, 337, 347, 357, 367, 377, 387],
  vehicles: [407, 417, 517, 537, 547, 627, 657, 717, 757, 817, 847, 867],
  food: [927, 937, 947, 957, 967, 987, 997],
  'household things': [427, 447, 477, 487, 507, 527, 567, 587, 647, 677, 707, 737, 767, 797, 827, 897, 907],
}
