/**
 * Names that the real torch has and this one has not: using one is Unsupported, where any other unknown name is the person's AttributeError.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Functions that torch gives as functions and as methods of Tensor alike. */
const both = `
  addbmm addmv addr adjoint amin amax aminmax angle argwhere baddbmm bernoulli bincount cholesky cholesky_inverse cholesky_solve conj conj_physical
  corrcoef cov cross cummax cummin cumprod cumsum deg2rad dense_dim det diag_embed diagflat diagonal_scatter diff dsplit fliplr flipud gcd geqrf ger
  heaviside histc histogram hsplit i0 igamma igammac index_reduce inner inverse isreal kron kthvalue lcm ldexp logcumsumexp logdet lu lu_solve
  masked_scatter matrix_exp matrix_power mode msort multinomial mvlgamma nanmedian nanquantile nextafter orgqr ormqr outer pinverse polygamma positive put
  qr quantile renorm resolve_conj resolve_neg rot90 scatter_reduce select_scatter sinc slice_scatter slogdet smm sspaddmm std_mean svd take
  take_along_dim to_dense tril triangular_solve triu unique_consecutive vander vdot view_as_complex view_as_real vsplit`;

const realTorchNames = words(`${both}
  Generator Storage ByteStorage FloatStorage LongStorage SymInt Stream Event ScriptModule
  abs_ acos_ bartlett_window blackman_window block_diag cartesian_prod cdist chain_matmul combinations compiled_with_cxx11_abi complex complex128 complex64
  cdouble cfloat chalf uint16 uint32 uint64 float8_e4m3fn float8_e5m2 qint8 quint8 qint32 cosine_embedding_loss constant_pad_nd conv1d conv2d conv3d conv_transpose1d
  conv_transpose2d cumulative_trapezoid empty_strided embedding_bag enable_grad feature_dropout fft fake_quantize_per_tensor_affine frexp frombuffer
  from_dlpack from_file gradient group_norm hamming_window hann_window heaviside hub initial_seed batch_norm instance_norm layer_norm is_autocast_enabled
  is_inference is_inference_mode_enabled is_storage is_conj is_warn_always_enabled istft kaiser_window library load lobpcg lstm_cell gru_cell lu_unpack
  masked multiprocessing nan_to_num_ native_layer_norm nested norm_except_dim normal onnx ops overrides package pixel_shuffle pixel_unshuffle
  poisson polar profiler quantization quantize_per_tensor quasirandom rnn_tanh rrelu save seed searchsorted bucketize segment_reduce set_float32_matmul_precision
  set_flush_denormal set_num_threads get_num_threads set_printoptions sparse sparse_coo_tensor sparse_csr_tensor stft sym_int testing thread_safe_generator
  trapezoid trapz tril_indices triu_indices triplet_margin_loss unravel_index use_deterministic_algorithms utils var_mean version vmap func functional
  distributions monitor nonzero_static export fx hpu mps xpu cpu accelerator futures classes storage types serialization random sum_out
  get_rng_state set_rng_state default_generator layout memory_format qscheme __config__ __future__ are_deterministic_algorithms_enabled
  is_deterministic_algorithms_warn_only_enabled fork_rng manual_seed seed lerp_ int1 bits8 autocast_mode cond while_loop`);

/** What else `torch` has: functions under their internal names, in-place spellings, and types. */
const more = words(`
  acos_ acosh_ asin_ asinh_ atan_ atanh_ ceil_ clamp_max_ clamp_min_ cos_ cosh_ deg2rad_ detach_ detach_copy dropout_ embedding embedding_renorm_ erf_ erfc_
  exp2_ expm1_ fill_ floor_ frac_ i0_ index_put_ ldexp_ log10_ log1p_ log2_ log_ logit_ neg_ negative_ rad2deg_ reciprocal_ relu_ resize_as_ round_ rsqrt_
  selu_ sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ squeeze_copy tan_ tanh_ threshold_ trunc_ xlogy_ zero_ alias_copy aminmax argwhere as_strided_copy
  as_strided_scatter avg_pool1d adaptive_avg_pool1d adaptive_max_pool1d alpha_dropout alpha_dropout_ batch_norm_stats bilinear binary_cross_entropy_with_logits
  celu_ channel_shuffle choose_qparams_optimized clip_ clone column_stack complex convolution ctc_loss cudnn_convolution cumulative_trapezoid dequantize
  det diag_embed dropout dsmm dsplit embedding_bag empty_permuted empty_quantized feature_alpha_dropout fill fix_ floor_divide frobenius_norm full
  gelu_ geometric gradient grid_sampler group_norm gru hardshrink hinge_embedding_loss hsmm hspmm i0 imag index_add index_copy index_reduce
  instance_norm int_repr is_conj is_distributed is_inference is_neg is_signed is_vulkan_available isreal kl_div layer_norm linalg logspace lstm lu
  masked_scatter matrix_exp matrix_power max_pool1d max_pool2d max_pool3d mkldnn_convolution mkldnn_max_pool2d moveaxis msort mvlgamma narrow_copy
  native_batch_norm native_channel_shuffle native_dropout native_group_norm nll_loss nuclear_norm numel orgqr pairwise_distance parse_ir parse_type_comment
  pca_lowrank svd_lowrank pdist permute_copy poisson_nll_loss polygamma put q_per_channel_axis q_scale quantize_per_channel quantized_batch_norm
  quantized_gru_cell rand_like randint_like range real renorm resolve_conj result_type rms_norm rnn_relu rnn_tanh rnn_relu_cell rnn_tanh_cell
  rrelu_ select_copy select_scatter set_anomaly_enabled set_deterministic_debug_mode get_deterministic_debug_mode set_default_device get_default_device
  set_num_interop_threads get_num_interop_threads set_warn_always slice_copy slice_inverse slice_scatter smm softmax sparse_bsc_tensor sparse_bsr_tensor
  sparse_compressed_tensor sparse_csc_tensor split_copy sspaddmm std_mean sum swapdims sym_float sym_ite sym_max sym_min sym_not symeig tensor_split
  transpose_copy trapezoid triangular_solve unbind_copy unflatten unfold_copy unique_consecutive unsafe_chunk unsafe_split unsqueeze_copy vander
  values_copy view_as_complex view_as_real view_copy vsplit AggregationType AliasDb AnyType Argument BFloat16Storage BoolStorage BoolType Block Capsule
  CharStorage CharTensor ClassType Code ComplexType DeviceObjType DictType DisableTorchFunction DoubleStorage EnumType ErrorReport ExecutionPlan FatalError
  FileCheck FloatType FunctionSchema Future Gradient Graph HalfStorage IntStorage InterfaceType IntType ListType LockingLogger ModuleDict Node
  NoneType NumberType OptionalType OutOfMemoryError PyObjectType PyTorchFileReader ShortStorage StringType SymBool SymFloat Tag TensorType TupleType Type
  TypedStorage UnionType UntypedStorage Use Value autograd_cast_gradient_edge backends broadcast_coalesced compiler contiguous_format cpp export fx
  hub masked mtia multiprocessing nested package profiler quantization return_types signal sparse special testing torch_version utils
  xpu library overrides func functional linalg onnx random fft jit amp cuda vmap is_storage set_flush_denormal`);

/** Names with an underscore are torch's own affair: which there are is not held against a program. */
export const isPrivateName = (name: string): boolean => /^_[A-Za-z]/.test(name);

export const isRealTorchName = (name: string): boolean => realTorchNames.has(name) || more.has(name) || isPrivateName(name);

export const realTensorNames = words(`${both}
  align_as align_to apply_ as_subclass bernoulli_ cauchy_ coalesce col_indices crow_indices data_ptr dequantize dim_order fill_diagonal_ geometric_
  grad_fn hardshrink has_names imag indices indices_ int_repr is_coalesced is_pinned is_set_to is_shared is_signed istft log_normal_ map_ map2_
  module_load mul_ names narrow_copy new_empty_strided nonzero_static put_ q_scale q_zero_point random_ refine_names register_post_accumulate_grad_hook
  reinforce rename rename_ resize row_indices sparse_dim sparse_mask sparse_resize_ stft storage storage_type sum_to_size swapaxes to_mkldnn to_sparse
  untyped_storage values volatile __array__ __array_wrap__ __cuda_array_interface__ __dlpack__`);

export const realFunctionalNames = words(`
  adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d affine_grid alpha_dropout avg_pool1d avg_pool2d
  avg_pool3d batch_norm bilinear channel_shuffle conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d conv_transpose3d ctc_loss dropout1d
  dropout2d dropout3d embedding_bag feature_alpha_dropout fold fractional_max_pool2d glu grid_sample group_norm instance_norm interpolate
  local_response_norm logsigmoid lp_pool1d lp_pool2d lppool max_pool1d max_pool2d max_pool3d max_unpool1d max_unpool2d multi_head_attention_forward
  multilabel_margin_loss native_channel_shuffle pad pdist pixel_shuffle pixel_unshuffle rms_norm rrelu rrelu_ scaled_dot_product_attention unfold upsample
  upsample_bilinear upsample_nearest relu_ elu_ selu_ celu_ leaky_relu_ hardtanh_ threshold_ softmin tanhshrink has_torch_function grad boolean_dispatch
  hardshrink softshrink prelu`);

export const realNnNames = words(`
  AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool2d AlphaDropout AvgPool1d AvgPool2d BatchNorm1d BatchNorm2d BatchNorm3d
  Bilinear Buffer CTCLoss ChannelShuffle CircularPad2d ConstantPad1d ConstantPad2d Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d DataParallel
  Dropout1d Dropout2d Dropout3d EmbeddingBag FeatureAlphaDropout Fold GLU GRU GRUCell GroupNorm Hardshrink InstanceNorm1d InstanceNorm2d LPPool2d LSTM
  LSTMCell LazyLinear LazyConv2d LocalResponseNorm MaxPool1d MaxPool2d MaxUnpool2d MultiheadAttention ParameterDict PixelShuffle PixelUnshuffle RMSNorm
  RNN RNNBase RNNCell RReLU ReflectionPad2d ReplicationPad2d Softmax2d Softshrink SyncBatchNorm Transformer TransformerDecoder TransformerDecoderLayer
  TransformerEncoder TransformerEncoderLayer UninitializedBuffer UninitializedParameter Unflatten Unfold Upsample UpsamplingBilinear2d ZeroPad2d
  attention common_types grad intrinsic parallel qat quantizable quantized utils`);

/** Methods and attributes of torch.nn.Module. */
export const realModuleNames = words(`
  T_destination _apply _call_impl _compiled_call_impl _get_backward_hooks _get_backward_pre_hooks _get_name _load_from_state_dict
  _maybe_warn_non_full_backward_hook _named_members _register_load_state_dict_pre_hook _register_state_dict_hook _replicate_for_data_parallel
  _save_to_state_dict _slow_forward _version _wrapped_call_impl add_module apply bfloat16 buffers call_super_init children compile cpu cuda double
  dump_patches eval extra_repr float get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers
  named_children named_modules named_parameters parameters register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
  register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
  register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to
  to_empty train type xpu zero_grad`);
