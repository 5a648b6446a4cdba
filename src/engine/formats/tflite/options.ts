/**
 * Options of the builtin operators, fields in the order of their slots; tables that are not listed have none. Source:
 * tensorflow/lite/schema/schema.fbs, version 3.
 */
export const optionTables = `
  Conv2DOptions padding:int8 strideW:int32 strideH:int32 fusedActivationFunction:int8 dilationWFactor:int32=1 dilationHFactor:int32=1
    quantizedBiasType:int8
  DepthwiseConv2DOptions padding:int8 strideW:int32 strideH:int32 depthMultiplier:int32 fusedActivationFunction:int8
    dilationWFactor:int32=1 dilationHFactor:int32=1
  ConcatEmbeddingsOptions numChannels:int32 numColumnsPerChannel:[int32] embeddingDimPerChannel:[int32]
  LSHProjectionOptions type:int8
  Pool2DOptions padding:int8 strideW:int32 strideH:int32 filterWidth:int32 filterHeight:int32 fusedActivationFunction:int8
  SVDFOptions rank:int32 fusedActivationFunction:int8 asymmetricQuantizeInputs:bool
  RNNOptions fusedActivationFunction:int8 asymmetricQuantizeInputs:bool
  FullyConnectedOptions fusedActivationFunction:int8 weightsFormat:int8 keepNumDims:bool asymmetricQuantizeInputs:bool
    quantizedBiasType:int8
  SoftmaxOptions beta:float32
  ConcatenationOptions axis:int32 fusedActivationFunction:int8
  AddOptions fusedActivationFunction:int8 potScaleInt16:bool=1
  L2NormOptions fusedActivationFunction:int8
  LocalResponseNormalizationOptions radius:int32 bias:float32 alpha:float32 beta:float32
  LSTMOptions fusedActivationFunction:int8 cellClip:float32 projClip:float32 kernelType:int8 asymmetricQuantizeInputs:bool
  ResizeBilinearOptions _ _ alignCorners:bool halfPixelCenters:bool
  CallOptions subgraph:uint32
  ReshapeOptions newShape:[int32]
  SkipGramOptions ngramSize:int32 maxSkipSize:int32 includeAllNgrams:bool
  SpaceToDepthOptions blockSize:int32
  EmbeddingLookupSparseOptions combiner:int8
  MulOptions fusedActivationFunction:int8
  GatherOptions axis:int32 batchDims:int32
  ReducerOptions keepDims:bool
  SubOptions fusedActivationFunction:int8 potScaleInt16:bool=1
  DivOptions fusedActivationFunction:int8
  SqueezeOptions squeezeDims:[int32]
  SequenceRNNOptions timeMajor:bool fusedActivationFunction:int8 asymmetricQuantizeInputs:bool
  StridedSliceOptions beginMask:int32 endMask:int32 ellipsisMask:int32 newAxisMask:int32 shrinkAxisMask:int32 offset:bool
  SplitOptions numSplits:int32
  CastOptions inDataType:int8 outDataType:int8
  ArgMaxOptions outputType:int8
  TransposeConvOptions padding:int8 strideW:int32 strideH:int32 fusedActivationFunction:int8 quantizedBiasType:int8
  SparseToDenseOptions validateIndices:bool
  ShapeOptions outType:int8
  ArgMinOptions outputType:int8
  FakeQuantOptions min:float32 max:float32 numBits:int32 narrowRange:bool
  PackOptions valuesCount:int32 axis:int32
  OneHotOptions axis:int32
  UnpackOptions num:int32 axis:int32
  BidirectionalSequenceLSTMOptions fusedActivationFunction:int8 cellClip:float32 projClip:float32 mergeOutputs:bool timeMajor:bool=1
    asymmetricQuantizeInputs:bool
  BidirectionalSequenceRNNOptions timeMajor:bool fusedActivationFunction:int8 mergeOutputs:bool asymmetricQuantizeInputs:bool
  UnidirectionalSequenceLSTMOptions fusedActivationFunction:int8 cellClip:float32 projClip:float32 timeMajor:bool
    asymmetricQuantizeInputs:bool diagonalRecurrentTensors:bool
  ResizeNearestNeighborOptions alignCorners:bool halfPixelCenters:bool
  LeakyReluOptions alpha:float32
  MirrorPadOptions mode:int8
  SplitVOptions numSplits:int32
  UniqueOptions idxOutType:int8=2
  ReverseSequenceOptions seqDim:int32 batchDim:int32
  IfOptions thenSubgraphIndex:int32 elseSubgraphIndex:int32
  WhileOptions condSubgraphIndex:int32 bodySubgraphIndex:int32
  DepthToSpaceOptions blockSize:int32
  BatchMatMulOptions adjX:bool adjY:bool asymmetricQuantizeInputs:bool
  CumsumOptions exclusive:bool reverse:bool
  CallOnceOptions initSubgraphIndex:int32
  Conv3DOptions padding:int8 strideD:int32 strideW:int32 strideH:int32 fusedActivationFunction:int8 dilationDFactor:int32=1
    dilationWFactor:int32=1 dilationHFactor:int32=1
  HashtableOptions tableId:int32 keyDtype:int8 valueDtype:int8
  VarHandleOptions container:string sharedName:string
  RandomOptions seed:int64 seed2:int64
  BucketizeOptions boundaries:[float32]
  GeluOptions approximate:bool
  StablehloConcatenateOptions dimension:int64
  StablehloBroadcastInDimOptions broadcastDimensions:[int64]
  StablehloSliceOptions startIndices:[int64] limitIndices:[int64] strides:[int64]
  StablehloConvolutionOptions windowStrides:[int64] padding:[int64] lhsDilation:[int64] rhsDilation:[int64] windowReversal:[bool]
    inputBatchDimension:int64 inputFeatureDimension:int64 inputSpatialDimensions:[int64] kernelInputFeatureDimension:int64
    kernelOutputFeatureDimension:int64 kernelSpatialDimensions:[int64] outputBatchDimension:int64 outputFeatureDimension:int64
    outputSpatialDimensions:[int64] featureGroupCount:int64 batchGroupCount:int64 precisionConfig:[uint32]
  StablehloCustomCallOptions callTargetName:string hasSideEffect:bool backendConfig:string apiVersion:int32 calledComputations:[int32]
    customAttributes:[uint8]
  StablehloReduceOptions dimensions:[int64] bodySubgraphIndex:int32
  StablehloScatterOptions indicesAreSorted:bool updateWindowDims:[int64] insertedWindowDims:[int64] scatterDimsToOperandDims:[int64]
    indexVectorDim:int64 uniqueIndices:bool updateComputationSubgraphIndex:int32
  StablehloCompareOptions comparisonDirection:uint32 compareType:uint32
  StablehloDynamicSliceOptions sliceSizes:[int64]
  StablehloPadOptions edgePaddingLow:[int64] edgePaddingHigh:[int64] interiorPadding:[int64]
  StablehloIotaOptions iotaDimension:int64
  StablehloDotGeneralOptions lhsBatchingDimensions:[int64] rhsBatchingDimensions:[int64] lhsContractingDimensions:[int64]
    rhsContractingDimensions:[int64] precisionConfig:[uint32]
  StablehloReduceWindowOptions windowDimensions:[int64] windowStrides:[int64] baseDilations:[int64] windowDilations:[int64]
    padding:[int64] bodySubgraphIndex:int32
  StablehloSortOptions dimension:int64 isStable:bool comparatorSubgraphIndex:int32
  StablehloWhileOptions condSubgraphIndex:int32 bodySubgraphIndex:int32
  StablehloGatherOptions offsetDims:[int64] collapsedSliceDims:[int64] startIndexMap:[int64] indexVectorDim:int64 sliceSizes:[int64]
    indicesAreSorted:bool
  StablehloTransposeOptions permutation:[int64]
  StablehloRngBitGeneratorOptions algorithm:int8
  ReduceWindowOptions reduceFunction:int32
  StableHLOCompositeOptions name:string decompositionSubgraphIndex:int32 compositeAttributes:[uint8] compositeAttributesFormat:int8
    version:int32
  StablehloCaseOptions branchSubgraphIndices:[int32]
  PadOptions BatchToSpaceNDOptions SpaceToBatchNDOptions TransposeOptions ExpOptions TopKV2Options LogSoftmaxOptions DequantizeOptions
  MaximumMinimumOptions LessOptions NegOptions PadV2Options GreaterOptions GreaterEqualOptions LessEqualOptions SelectOptions
  SliceOptions TileOptions ExpandDimsOptions EqualOptions NotEqualOptions PowOptions LogicalOrOptions LogicalAndOptions LogicalNotOptions
  FloorDivOptions SquareOptions ZerosLikeOptions FillOptions FloorModOptions RangeOptions SquaredDifferenceOptions AbsOptions
  ReverseV2Options AddNOptions GatherNdOptions CosOptions WhereOptions RankOptions MatrixDiagOptions QuantizeOptions MatrixSetDiagOptions
  HardSwishOptions NonMaxSuppressionV4Options NonMaxSuppressionV5Options ScatterNdOptions SelectV2Options DensifyOptions
  SegmentSumOptions BroadcastToOptions Rfft2dOptions HashtableFindOptions HashtableImportOptions HashtableSizeOptions ReadVariableOptions
  AssignVariableOptions DynamicUpdateSliceOptions UnsortedSegmentProdOptions UnsortedSegmentMaxOptions UnsortedSegmentMinOptions
  UnsortedSegmentSumOptions ATan2Options SignOptions BitcastOptions BitwiseXorOptions RightShiftOptions DilateOptions
  StablehloShiftLeftOptions
`;

const members = (names: string): readonly string[] => names.trim().split(/\s+/);

/** Which table a union's number means, from 1 on. */
export const optionUnions: Readonly<Record<string, readonly string[]>> = {
  BuiltinOptions: members(`
    Conv2DOptions DepthwiseConv2DOptions ConcatEmbeddingsOptions LSHProjectionOptions Pool2DOptions SVDFOptions RNNOptions
    FullyConnectedOptions SoftmaxOptions ConcatenationOptions AddOptions L2NormOptions LocalResponseNormalizationOptions LSTMOptions
    ResizeBilinearOptions CallOptions ReshapeOptions SkipGramOptions SpaceToDepthOptions EmbeddingLookupSparseOptions MulOptions
    PadOptions GatherOptions BatchToSpaceNDOptions SpaceToBatchNDOptions TransposeOptions ReducerOptions SubOptions DivOptions
    SqueezeOptions SequenceRNNOptions StridedSliceOptions ExpOptions TopKV2Options SplitOptions LogSoftmaxOptions CastOptions
    DequantizeOptions MaximumMinimumOptions ArgMaxOptions LessOptions NegOptions PadV2Options GreaterOptions GreaterEqualOptions
    LessEqualOptions SelectOptions SliceOptions TransposeConvOptions SparseToDenseOptions TileOptions ExpandDimsOptions EqualOptions
    NotEqualOptions ShapeOptions PowOptions ArgMinOptions FakeQuantOptions PackOptions LogicalOrOptions OneHotOptions LogicalAndOptions
    LogicalNotOptions UnpackOptions FloorDivOptions SquareOptions ZerosLikeOptions FillOptions BidirectionalSequenceLSTMOptions
    BidirectionalSequenceRNNOptions UnidirectionalSequenceLSTMOptions FloorModOptions RangeOptions ResizeNearestNeighborOptions
    LeakyReluOptions SquaredDifferenceOptions MirrorPadOptions AbsOptions SplitVOptions UniqueOptions ReverseV2Options AddNOptions
    GatherNdOptions CosOptions WhereOptions RankOptions ReverseSequenceOptions MatrixDiagOptions QuantizeOptions MatrixSetDiagOptions
    HardSwishOptions IfOptions WhileOptions DepthToSpaceOptions NonMaxSuppressionV4Options NonMaxSuppressionV5Options ScatterNdOptions
    SelectV2Options DensifyOptions SegmentSumOptions BatchMatMulOptions CumsumOptions CallOnceOptions BroadcastToOptions Rfft2dOptions
    Conv3DOptions HashtableOptions HashtableFindOptions HashtableImportOptions HashtableSizeOptions VarHandleOptions ReadVariableOptions
    AssignVariableOptions RandomOptions BucketizeOptions GeluOptions DynamicUpdateSliceOptions UnsortedSegmentProdOptions
    UnsortedSegmentMaxOptions UnsortedSegmentMinOptions UnsortedSegmentSumOptions ATan2Options SignOptions BitcastOptions
    BitwiseXorOptions RightShiftOptions
  `),
  BuiltinOptions2: members(`
    StablehloConcatenateOptions StablehloBroadcastInDimOptions StablehloSliceOptions StablehloConvolutionOptions
    StablehloCustomCallOptions StablehloReduceOptions StablehloScatterOptions StablehloCompareOptions StablehloDynamicSliceOptions
    StablehloPadOptions StablehloIotaOptions StablehloDotGeneralOptions StablehloReduceWindowOptions StablehloSortOptions
    StablehloWhileOptions StablehloGatherOptions StablehloTransposeOptions DilateOptions StablehloRngBitGeneratorOptions
    ReduceWindowOptions StableHLOCompositeOptions StablehloShiftLeftOptions StablehloCaseOptions
  `),
};
