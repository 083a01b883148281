package main

func f(x int) int {
	switch x {
	case 0: return 0
	case 1: return 2
	case 2: return 4
	case 3: return 6
	case 4: return 8
	case 5: return 10
	case 6: return 12
	case 7: return 14
	case 8: return 16
	case 9: return 18
	case 10: return 20
	case 11: return 22
	case 12: return 24
	case 13: return 26
	case 14: return 28
	case 15: return 30
	case 16: return 32
	case 17: return 34
	case 18: return 36
	case 19: return 38
	case 20: return 40
	case 21: return 42
	case 22: return 44
	case 23: return 46
	case 24: return 48
	case 25: return 50
	case 26: return 52
	case 27: return 54
	case 28: return 56
	case 29: return 58
	case 30: return 60
	case 31: return 62
	case 32: return 64
	case 33: return 66
	case 34: return 68
	case 35: return 70
	case 36: return 72
	case 37: return 74
	case 38: return 76
	case 39: return 78
	case 40: return 80
	case 41: return 82
	case 42: return 84
	case 43: return 86
	case 44: return 88
	case 45: return 90
	case 46: return 92
	case 47: return 94
	case 48: return 96
	case 49: return 98
	case 50: return 100
	case 51: return 102
	case 52: return 104
	case 53: return 106
	case 54: return 108
	case 55: return 110
	case 56: return 112
	case 57: return 114
	case 58: return 116
	case 59: return 118
	case 60: return 120
	case 61: return 122
	case 62: return 124
	case 63: return 126
	case 64: return 128
	case 65: return 130
	case 66: return 132
	case 67: return 134
	case 68: return 136
	case 69: return 138
	case 70: return 140
	case 71: return 142
	case 72: return 144
	case 73: return 146
	case 74: return 148
	case 75: return 150
	case 76: return 152
	case 77: return 154
	case 78: return 156
	case 79: return 158
	case 80: return 160
	case 81: return 162
	case 82: return 164
	case 83: return 166
	case 84: return 168
	case 85: return 170
	case 86: return 172
	case 87: return 174
	case 88: return 176
	case 89: return 178
	case 90: return 180
	case 91: return 182
	case 92: return 184
	case 93: return 186
	case 94: return 188
	case 95: return 190
	case 96: return 192
	case 97: return 194
	case 98: return 196
	case 99: return 198
	case 100: return 200
	case 101: return 202
	case 102: return 204
	case 103: return 206
	case 104: return 208
	case 105: return 210
	case 106: return 212
	case 107: return 214
	case 108: return 216
	case 109: return 218
	case 110: return 220
	case 111: return 222
	case 112: return 224
	case 113: return 226
	case 114: return 228
	case 115: return 230
	case 116: return 232
	case 117: return 234
	case 118: return 236
	case 119: return 238
	case 120: return 240
	default: x += 1000
	case 121: return 242
	case 122: return 244
	case 123: return 246
	case 124: return 248
	case 125: return 250
	case 126: return 252
	case 127: return 254
	case 128: return 256
	case 129: return 258
	case 130: return 260
	case 131: return 262
	case 132: return 264
	case 133: return 266
	case 134: return 268
	case 135: return 270
	case 136: return 272
	case 137: return 274
	case 138: return 276
	case 139: return 278
	case 140: return 280
	case 141: return 282
	case 142: return 284
	case 143: return 286
	case 144: return 288
	case 145: return 290
	case 146: return 292
	case 147: return 294
	case 148: return 296
	case 149: return 298
	case 150: return 300
	case 151: return 302
	case 152: return 304
	case 153: return 306
	case 154: return 308
	case 155: return 310
	case 156: return 312
	case 157: return 314
	case 158: return 316
	case 159: return 318
	case 160: return 320
	case 161: return 322
	case 162: return 324
	case 163: return 326
	case 164: return 328
	case 165: return 330
	case 166: return 332
	case 167: return 334
	case 168: return 336
	case 169: return 338
	case 170: return 340
	case 171: return 342
	case 172: return 344
	case 173: return 346
	case 174: return 348
	case 175: return 350
	case 176: return 352
	case 177: return 354
	case 178: return 356
	case 179: return 358
	case 180: return 360
	case 181: return 362
	case 182: return 364
	case 183: return 366
	case 184: return 368
	case 185: return 370
	case 186: return 372
	case 187: return 374
	case 188: return 376
	case 189: return 378
	case 190: return 380
	case 191: return 382
	case 192: return 384
	case 193: return 386
	case 194: return 388
	case 195: return 390
	case 196: return 392
	case 197: return 394
	case 198: return 396
	case 199: return 398
	case 200: return 400
	case 201: return 402
	case 202: return 404
	case 203: return 406
	case 204: return 408
	case 205: return 410
	case 206: return 412
	case 207: return 414
	case 208: return 416
	case 209: return 418
	case 210: return 420
	case 211: return 422
	case 212: return 424
	case 213: return 426
	case 214: return 428
	case 215: return 430
	case 216: return 432
	case 217: return 434
	case 218: return 436
	case 219: return 438
	case 220: return 440
	case 221: return 442
	case 222: return 444
	case 223: return 446
	case 224: return 448
	case 225: return 450
	case 226: return 452
	case 227: return 454
	case 228: return 456
	case 229: return 458
	case 230: return 460
	case 231: return 462
	case 232: return 464
	case 233: return 466
	case 234: return 468
	case 235: return 470
	case 236: return 472
	case 237: return 474
	case 238: return 476
	case 239: return 478
	case 240: return 480
	case 241: return 482
	case 242: return 484
	case 243: return 486
	case 244: return 488
	case 245: return 490
	case 246: return 492
	case 247: return 494
	case 248: return 496
	case 249: return 498
	case 250: return 500
	case 251: return 502
	case 252: return 504
	case 253: return 506
	case 254: return 508
	case 255: return 510
	case 256: return 512
	case 257: return 514
	case 258: return 516
	case 259: return 518
	case 260: return 520
	case 261: return 522
	case 262: return 524
	case 263: return 526
	case 264: return 528
	case 265: return 530
	case 266: return 532
	case 267: return 534
	case 268: return 536
	case 269: return 538
	case 270: return 540
	case 271: return 542
	case 272: return 544
	case 273: return 546
	case 274: return 548
	case 275: return 550
	case 276: return 552
	case 277: return 554
	case 278: return 556
	case 279: return 558
	case 280: return 560
	case 281: return 562
	case 282: return 564
	case 283: return 566
	case 284: return 568
	case 285: return 570
	case 286: return 572
	case 287: return 574
	case 288: return 576
	case 289: return 578
	case 290: return 580
	case 291: return 582
	case 292: return 584
	case 293: return 586
	case 294: return 588
	case 295: return 590
	case 296: return 592
	case 297: return 594
	case 298: return 596
	case 299: return 598
	case 300: return 600
	case 301: return 602
	case 302: return 604
	case 303: return 606
	case 304: return 608
	case 305: return 610
	case 306: return 612
	case 307: return 614
	case 308: return 616
	case 309: return 618
	case 310: return 620
	case 311: return 622
	case 312: return 624
	case 313: return 626
	case 314: return 628
	case 315: return 630
	case 316: return 632
	case 317: return 634
	case 318: return 636
	case 319: return 638
	case 320: return 640
	case 321: return 642
	case 322: return 644
	case 323: return 646
	case 324: return 648
	case 325: return 650
	case 326: return 652
	case 327: return 654
	case 328: return 656
	case 329: return 658
	case 330: return 660
	case 331: return 662
	case 332: return 664
	case 333: return 666
	case 334: return 668
	case 335: return 670
	case 336: return 672
	case 337: return 674
	case 338: return 676
	case 339: return 678
	case 340: return 680
	case 341: return 682
	case 342: return 684
	case 343: return 686
	case 344: return 688
	case 345: return 690
	case 346: return 692
	case 347: return 694
	case 348: return 696
	case 349: return 698
	}
	return x
}

func g(x int) (s int) {
	switch {
	case x == 0: s = 0
	case x == 1: s = 3
	case x == 2: s = 6
	case x == 3: s = 9
	case x == 4: s = 12
	case x == 5: s = 15
	case x == 6: s = 18
	case x == 7: s = 21
	case x == 8: s = 24
	case x == 9: s = 27
	case x == 10: s = 30
	case x == 11: s = 33
	case x == 12: s = 36
	case x == 13: s = 39
	case x == 14: s = 42
	case x == 15: s = 45
	case x == 16: s = 48
	case x == 17: s = 51
	case x == 18: s = 54
	case x == 19: s = 57
	case x == 20: s = 60
	case x == 21: s = 63
	case x == 22: s = 66
	case x == 23: s = 69
	case x == 24: s = 72
	case x == 25: s = 75
	case x == 26: s = 78
	case x == 27: s = 81
	case x == 28: s = 84
	case x == 29: s = 87
	case x == 30: s = 90
	case x == 31: s = 93
	case x == 32: s = 96
	case x == 33: s = 99
	case x == 34: s = 102
	case x == 35: s = 105
	case x == 36: s = 108
	case x == 37: s = 111
	case x == 38: s = 114
	case x == 39: s = 117
	case x == 40: s = 120
	case x == 41: s = 123
	case x == 42: s = 126
	case x == 43: s = 129
	case x == 44: s = 132
	case x == 45: s = 135
	case x == 46: s = 138
	case x == 47: s = 141
	case x == 48: s = 144
	case x == 49: s = 147
	case x == 50: s = 150
	case x == 51: s = 153
	case x == 52: s = 156
	case x == 53: s = 159
	case x == 54: s = 162
	case x == 55: s = 165
	case x == 56: s = 168
	case x == 57: s = 171
	case x == 58: s = 174
	case x == 59: s = 177
	case x == 60: s = 180
	case x == 61: s = 183
	case x == 62: s = 186
	case x == 63: s = 189
	case x == 64: s = 192
	case x == 65: s = 195
	case x == 66: s = 198
	case x == 67: s = 201
	case x == 68: s = 204
	case x == 69: s = 207
	case x == 70: s = 210
	case x == 71: s = 213
	case x == 72: s = 216
	case x == 73: s = 219
	case x == 74: s = 222
	case x == 75: s = 225
	case x == 76: s = 228
	case x == 77: s = 231
	case x == 78: s = 234
	case x == 79: s = 237
	case x == 80: s = 240
	case x == 81: s = 243
	case x == 82: s = 246
	case x == 83: s = 249
	case x == 84: s = 252
	case x == 85: s = 255
	case x == 86: s = 258
	case x == 87: s = 261
	case x == 88: s = 264
	case x == 89: s = 267
	case x == 90: s = 270
	case x == 91: s = 273
	case x == 92: s = 276
	case x == 93: s = 279
	case x == 94: s = 282
	case x == 95: s = 285
	case x == 96: s = 288
	case x == 97: s = 291
	case x == 98: s = 294
	case x == 99: s = 297
	case x == 100: s = 300
	case x == 101: s = 303
	case x == 102: s = 306
	case x == 103: s = 309
	case x == 104: s = 312
	case x == 105: s = 315
	case x == 106: s = 318
	case x == 107: s = 321
	case x == 108: s = 324
	case x == 109: s = 327
	case x == 110: s = 330
	case x == 111: s = 333
	case x == 112: s = 336
	case x == 113: s = 339
	case x == 114: s = 342
	case x == 115: s = 345
	case x == 116: s = 348
	case x == 117: s = 351
	case x == 118: s = 354
	case x == 119: s = 357
	case x == 120: s = 360
	case x == 121: s = 363
	case x == 122: s = 366
	case x == 123: s = 369
	case x == 124: s = 372
	case x == 125: s = 375
	case x == 126: s = 378
	case x == 127: s = 381
	case x == 128: s = 384
	case x == 129: s = 387
	case x == 130: s = 390
	case x == 131: s = 393
	case x == 132: s = 396
	case x == 133: s = 399
	case x == 134: s = 402
	case x == 135: s = 405
	case x == 136: s = 408
	case x == 137: s = 411
	case x == 138: s = 414
	case x == 139: s = 417
	case x == 140: s = 420
	case x == 141: s = 423
	case x == 142: s = 426
	case x == 143: s = 429
	case x == 144: s = 432
	case x == 145: s = 435
	case x == 146: s = 438
	case x == 147: s = 441
	case x == 148: s = 444
	case x == 149: s = 447
	case x == 150: s = 450
	case x == 151: s = 453
	case x == 152: s = 456
	case x == 153: s = 459
	case x == 154: s = 462
	case x == 155: s = 465
	case x == 156: s = 468
	case x == 157: s = 471
	case x == 158: s = 474
	case x == 159: s = 477
	case x == 160: s = 480
	case x == 161: s = 483
	case x == 162: s = 486
	case x == 163: s = 489
	case x == 164: s = 492
	case x == 165: s = 495
	case x == 166: s = 498
	case x == 167: s = 501
	case x == 168: s = 504
	case x == 169: s = 507
	case x == 170: s = 510
	case x == 171: s = 513
	case x == 172: s = 516
	case x == 173: s = 519
	case x == 174: s = 522
	case x == 175: s = 525
	case x == 176: s = 528
	case x == 177: s = 531
	case x == 178: s = 534
	case x == 179: s = 537
	case x == 180: s = 540
	case x == 181: s = 543
	case x == 182: s = 546
	case x == 183: s = 549
	case x == 184: s = 552
	case x == 185: s = 555
	case x == 186: s = 558
	case x == 187: s = 561
	case x == 188: s = 564
	case x == 189: s = 567
	case x == 190: s = 570
	case x == 191: s = 573
	case x == 192: s = 576
	case x == 193: s = 579
	case x == 194: s = 582
	case x == 195: s = 585
	case x == 196: s = 588
	case x == 197: s = 591
	case x == 198: s = 594
	case x == 199: s = 597
	case x == 200: s = 600
	case x == 201: s = 603
	case x == 202: s = 606
	case x == 203: s = 609
	case x == 204: s = 612
	case x == 205: s = 615
	case x == 206: s = 618
	case x == 207: s = 621
	case x == 208: s = 624
	case x == 209: s = 627
	case x == 210: s = 630
	case x == 211: s = 633
	case x == 212: s = 636
	case x == 213: s = 639
	case x == 214: s = 642
	case x == 215: s = 645
	case x == 216: s = 648
	case x == 217: s = 651
	case x == 218: s = 654
	case x == 219: s = 657
	case x == 220: s = 660
	case x == 221: s = 663
	case x == 222: s = 666
	case x == 223: s = 669
	case x == 224: s = 672
	case x == 225: s = 675
	case x == 226: s = 678
	case x == 227: s = 681
	case x == 228: s = 684
	case x == 229: s = 687
	case x == 230: s = 690
	case x == 231: s = 693
	case x == 232: s = 696
	case x == 233: s = 699
	case x == 234: s = 702
	case x == 235: s = 705
	case x == 236: s = 708
	case x == 237: s = 711
	case x == 238: s = 714
	case x == 239: s = 717
	case x == 240: s = 720
	case x == 241: s = 723
	case x == 242: s = 726
	case x == 243: s = 729
	case x == 244: s = 732
	case x == 245: s = 735
	case x == 246: s = 738
	case x == 247: s = 741
	case x == 248: s = 744
	case x == 249: s = 747
	}
	return
}

func main() {
	t := 0
	for i := -2; i < 360; i++ {
		t = t*3 + f(i) ^ g(i)
		println(i, f(i), g(i))
	}
	println(t)
}
