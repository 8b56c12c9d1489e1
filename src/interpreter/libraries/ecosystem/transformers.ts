/**
 * transformers around a loss: TrainingArguments, HfArgumentParser, and a Trainer that keeps its arguments, makes the label smoother they ask for and,
 * in an exploring run, calls compute_loss once for training and once for evaluation.
 */
export const trainingArgumentsSource = `
from dataclasses import dataclass, field, asdict as _asdict, fields as _fields
from enum import Enum
from typing import Any, Optional

class IntervalStrategy(str, Enum):
    NO = 'no'
    STEPS = 'steps'
    EPOCH = 'epoch'

class SchedulerType(str, Enum):
    LINEAR = 'linear'
    COSINE = 'cosine'
    CONSTANT = 'constant'
    CONSTANT_WITH_WARMUP = 'constant_with_warmup'

@dataclass
class TrainingArguments:
    output_dir: Optional[str] = None
    overwrite_output_dir: bool = False
    do_train: bool = False
    do_eval: bool = False
    do_predict: bool = False
    eval_strategy: str = 'no'
    evaluation_strategy: Optional[str] = None
    prediction_loss_only: bool = False
    per_device_train_batch_size: int = 8
    per_device_eval_batch_size: int = 8
    per_gpu_train_batch_size: Optional[int] = None
    per_gpu_eval_batch_size: Optional[int] = None
    gradient_accumulation_steps: int = 1
    eval_accumulation_steps: Optional[int] = None
    eval_delay: float = 0
    torch_empty_cache_steps: Optional[int] = None
    learning_rate: float = 5e-5
    weight_decay: float = 0.0
    adam_beta1: float = 0.9
    adam_beta2: float = 0.999
    adam_epsilon: float = 1e-8
    max_grad_norm: float = 1.0
    num_train_epochs: float = 3.0
    max_steps: int = -1
    lr_scheduler_type: str = 'linear'
    lr_scheduler_kwargs: Any = field(default_factory=dict)
    warmup_ratio: float = 0.0
    warmup_steps: int = 0
    log_level: str = 'passive'
    log_level_replica: str = 'warning'
    log_on_each_node: bool = True
    logging_dir: Optional[str] = None
    logging_strategy: str = 'steps'
    logging_first_step: bool = False
    logging_steps: float = 500
    logging_nan_inf_filter: bool = True
    save_strategy: str = 'steps'
    save_steps: float = 500
    save_total_limit: Optional[int] = None
    save_safetensors: bool = True
    save_on_each_node: bool = False
    save_only_model: bool = False
    restore_callback_states_from_checkpoint: bool = False
    no_cuda: bool = False
    use_cpu: bool = False
    use_mps_device: bool = False
    seed: int = 42
    data_seed: Optional[int] = None
    jit_mode_eval: bool = False
    use_ipex: bool = False
    bf16: bool = False
    fp16: bool = False
    fp16_opt_level: str = 'O1'
    half_precision_backend: str = 'auto'
    bf16_full_eval: bool = False
    fp16_full_eval: bool = False
    tf32: Optional[bool] = None
    local_rank: int = -1
    ddp_backend: Optional[str] = None
    tpu_num_cores: Optional[int] = None
    tpu_metrics_debug: bool = False
    debug: str = ''
    dataloader_drop_last: bool = False
    eval_steps: Optional[float] = None
    dataloader_num_workers: int = 0
    dataloader_prefetch_factor: Optional[int] = None
    past_index: int = -1
    run_name: Optional[str] = None
    disable_tqdm: Optional[bool] = None
    remove_unused_columns: bool = True
    label_names: Any = None
    load_best_model_at_end: bool = False
    metric_for_best_model: Optional[str] = None
    greater_is_better: Optional[bool] = None
    ignore_data_skip: bool = False
    sharded_ddp: Any = ''
    fsdp: Any = ''
    fsdp_min_num_params: int = 0
    fsdp_config: Any = None
    fsdp_transformer_layer_cls_to_wrap: Optional[str] = None
    accelerator_config: Any = None
    parallelism_config: Any = None
    deepspeed: Any = None
    label_smoothing_factor: float = 0.0
    optim: str = 'adamw_torch'
    optim_args: Optional[str] = None
    adafactor: bool = False
    group_by_length: bool = False
    length_column_name: str = 'length'
    report_to: Any = None
    project: str = 'huggingface'
    trackio_space_id: Optional[str] = 'trackio'
    ddp_find_unused_parameters: Optional[bool] = None
    ddp_bucket_cap_mb: Optional[int] = None
    ddp_broadcast_buffers: Optional[bool] = None
    dataloader_pin_memory: bool = True
    dataloader_persistent_workers: bool = False
    skip_memory_metrics: bool = True
    use_legacy_prediction_loop: bool = False
    push_to_hub: bool = False
    resume_from_checkpoint: Optional[str] = None
    hub_model_id: Optional[str] = None
    hub_strategy: str = 'every_save'
    hub_token: Optional[str] = None
    hub_private_repo: Optional[bool] = None
    hub_always_push: bool = False
    hub_revision: Optional[str] = None
    gradient_checkpointing: bool = False
    gradient_checkpointing_kwargs: Any = None
    include_inputs_for_metrics: bool = False
    include_for_metrics: Any = field(default_factory=list)
    eval_do_concat_batches: bool = True
    fp16_backend: str = 'auto'
    push_to_hub_model_id: Optional[str] = None
    push_to_hub_organization: Optional[str] = None
    push_to_hub_token: Optional[str] = None
    mp_parameters: str = ''
    auto_find_batch_size: bool = False
    full_determinism: bool = False
    torchdynamo: Optional[str] = None
    ray_scope: Optional[str] = 'last'
    ddp_timeout: int = 1800
    torch_compile: bool = False
    torch_compile_backend: Optional[str] = None
    torch_compile_mode: Optional[str] = None
    include_tokens_per_second: Any = False
    include_num_input_tokens_seen: Any = False
    neftune_noise_alpha: Optional[float] = None
    optim_target_modules: Any = None
    batch_eval_metrics: bool = False
    eval_on_start: bool = False
    use_liger_kernel: bool = False
    liger_kernel_config: Any = None
    eval_use_gather_object: bool = False
    average_tokens_across_devices: bool = True
    split_batches: Optional[bool] = None
    dispatch_batches: Optional[bool] = None
    sortish_sampler: bool = False

    def __post_init__(self):
        pass
    @property
    def train_batch_size(self):
        return self.per_gpu_train_batch_size or self.per_device_train_batch_size
    @property
    def eval_batch_size(self):
        return self.per_gpu_eval_batch_size or self.per_device_eval_batch_size
    @property
    def device(self):
        import torch
        return torch.device('cpu')
    @property
    def n_gpu(self):
        return 0
    @property
    def world_size(self):
        return 1
    @property
    def process_index(self):
        return 0
    @property
    def local_process_index(self):
        return 0
    @property
    def should_log(self):
        return True
    @property
    def should_save(self):
        return True
    def get_process_log_level(self):
        return 30
    def get_warmup_steps(self, num_training_steps):
        return self.warmup_steps
    def to_dict(self):
        return _asdict(self)
    def to_json_string(self):
        import json
        return json.dumps(self.to_dict(), indent=2)

@dataclass
class Seq2SeqTrainingArguments(TrainingArguments):
    predict_with_generate: bool = False
    generation_max_length: Optional[int] = None
    generation_num_beams: Optional[int] = None
    generation_config: Any = None
`;

export const hfArgumentParserSource = `
import sys as _sys
from argparse import ArgumentParser as _ArgumentParser, BooleanOptionalAction as _BooleanOptionalAction, SUPPRESS as _SUPPRESS
from dataclasses import MISSING as _MISSING, fields as _fields
from enum import Enum as _Enum
from io import open as _open
from json import load as _load_json
from yaml import safe_load as _safe_load
from _outside import is_unknown as _is_unknown, keep_way as _keep_way

def string_to_bool(v):
    if isinstance(v, bool):
        return v
    if v.lower() in ('yes', 'true', 't', 'y', '1'):
        return True
    if v.lower() in ('no', 'false', 'f', 'n', '0'):
        return False
    raise ValueError(f'Truthy value expected: got {v}')

def HfArg(*, aliases=None, help=None, default=_MISSING, default_factory=_MISSING, metadata=None, **options):
    from dataclasses import field
    return field(metadata=metadata, default=default, default_factory=default_factory, **options)

def _kind(item):
    if item.type in (int, float, str):
        return item.type
    default = item.default
    return type(default) if isinstance(default, (int, float)) and not isinstance(default, bool) else None

class HfArgumentParser(_ArgumentParser):
    def __init__(self, dataclass_types=None, **options):
        super().__init__(**options)
        self.dataclass_types = [dataclass_types] if isinstance(dataclass_types, type) else list(dataclass_types or [])
        self._has_fields = False
    def _add_fields(self):
        """Some hundred options: only a command line that has words needs them."""
        if self._has_fields:
            return
        self._has_fields = True
        for dataclass_type in self.dataclass_types:
            for item in _fields(dataclass_type):
                if item.init:
                    self._add_field(item)
    def _add_field(self, item):
        names = ['--' + item.name]
        if '_' in item.name:
            names.append('--' + item.name.replace('_', '-'))
        options = {'dest': item.name, 'default': _SUPPRESS}
        if item.default is _MISSING and item.default_factory is _MISSING:
            options['required'] = True
        if item.type is bool or isinstance(item.default, bool):
            options.update(type=string_to_bool, nargs='?', const=True)
        elif isinstance(item.type, type) and issubclass(item.type, _Enum):
            options['type'] = item.type
        elif item.type is list:
            options['nargs'] = '+'
        else:
            options['type'] = _kind(item)
        self.add_argument(*names, **options)
    def parse_args_into_dataclasses(self, args=None, return_remaining_strings=False, look_for_args_file=True, args_filename=None, args_file_flag=None):
        words = _sys.argv[1:] if args is None else args
        if not _is_unknown(words) and len(words) > 0:
            self._add_fields()
        else:
            words = []
            for dataclass_type in self.dataclass_types:
                for item in _fields(dataclass_type):
                    if item.init and item.default is _MISSING and item.default_factory is _MISSING:
                        self._add_field(item)
        namespace, rest = self.parse_known_args(words)
        given = vars(namespace)
        made = []
        for dataclass_type in self.dataclass_types:
            names = [item.name for item in _fields(dataclass_type) if item.init]
            made.append(dataclass_type(**{name: given[name] for name in names if name in given}))
            for name in names:
                given.pop(name, None)
        if return_remaining_strings:
            return (*made, rest)
        if rest:
            raise ValueError(f'Some specified arguments are not used by the HfArgumentParser: {rest}')
        return (*made,)
    def parse_dict(self, args, allow_extra_keys=False):
        if _is_unknown(args):
            return args
        unused, made = set(args), []
        for dataclass_type in self.dataclass_types:
            names = [item.name for item in _fields(dataclass_type) if item.init]
            made.append(dataclass_type(**{name: args[name] for name in names if name in args}))
            unused -= set(names)
        if unused and not allow_extra_keys:
            raise ValueError(f'Some keys are not used by the HfArgumentParser: {sorted(unused)}')
        return (*made,)
    def parse_json_file(self, json_file, allow_extra_keys=False):
        return self.parse_dict(_load_json(_open(json_file)), allow_extra_keys)
    def parse_yaml_file(self, yaml_file, allow_extra_keys=False):
        return self.parse_dict(_safe_load(_open(yaml_file)), allow_extra_keys)
`;

export const trainerSource = `
from _outside import call as _call, exploring as _exploring, is_unknown as _is_unknown, unknown as _unknown, untold as _untold
from transformers.training_args import TrainingArguments as _TrainingArguments
from transformers.trainer_pt_utils import LabelSmoother as _LabelSmoother
from torch.utils.data import DataLoader as _DataLoader

class Trainer:
    def __init__(self, model=None, args=None, data_collator=None, train_dataset=None, eval_dataset=None, processing_class=None, model_init=None, compute_loss_func=None, compute_metrics=None, callbacks=None, optimizers=(None, None), optimizer_cls_and_kwargs=None, preprocess_logits_for_metrics=None, tokenizer=None):
        self.args = args if _is_unknown(args) or args is not None else _TrainingArguments('tmp_trainer')
        self.model_init = model_init
        if model is None and model_init is not None:
            model = _call(model_init)
        self.model = model
        self.model_wrapped = model
        self.data_collator = data_collator
        self.train_dataset = train_dataset
        self.eval_dataset = eval_dataset
        self.processing_class = self.tokenizer = tokenizer if processing_class is None else processing_class
        self.compute_loss_func = compute_loss_func
        self.compute_metrics = compute_metrics
        self.optimizer, self.lr_scheduler = optimizers
        self.is_in_train = False
        factor = self.args.label_smoothing_factor
        if _is_unknown(factor):
            self.label_smoother = _unknown('label_smoother')
        else:
            self.label_smoother = _call(_LabelSmoother, epsilon=factor) if factor != 0 else None
    def add_callback(self, callback):
        pass
    def remove_callback(self, callback):
        pass
    def log(self, logs, start_time=None):
        pass
    def log_metrics(self, split, metrics):
        pass
    def save_metrics(self, split, metrics, combined=True):
        pass
    def save_model(self, output_dir=None, _internal_call=False):
        pass
    def save_state(self):
        pass
    def push_to_hub(self, *args, **options):
        pass
    def is_world_process_zero(self):
        return True
    def create_optimizer(self):
        return self.optimizer
    def create_scheduler(self, num_training_steps, optimizer=None):
        return self.lr_scheduler
    def create_optimizer_and_scheduler(self, num_training_steps):
        self.create_optimizer()
        self.create_scheduler(num_training_steps, self.optimizer)
    def _prepare_inputs(self, inputs):
        return inputs
    def get_train_dataloader(self):
        return _DataLoader(self.train_dataset, self.args.train_batch_size, collate_fn=self.data_collator)
    def get_eval_dataloader(self, eval_dataset=None):
        return _DataLoader(self.eval_dataset if eval_dataset is None else eval_dataset, self.args.eval_batch_size, collate_fn=self.data_collator)
    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        smooths = self.label_smoother is not None or self.compute_loss_func is not None
        labels = inputs.pop('labels') if smooths and 'labels' in inputs else None
        outputs = model(**inputs)
        if labels is not None:
            if self.compute_loss_func is not None:
                loss = _call(self.compute_loss_func, outputs, labels, num_items_in_batch=num_items_in_batch)
            else:
                name = type(model).__name__ if not _is_unknown(model) else None
                shifts = _unknown('is the model a causal language model') if name is None else name.endswith('ForCausalLM') or name.endswith('LMHeadModel')
                loss = _call(self.label_smoother, outputs, labels, shift_labels=shifts)
        else:
            loss = outputs['loss'] if isinstance(outputs, dict) else outputs[0]
        return (loss, outputs) if return_outputs else loss
    def training_step(self, model, inputs, num_items_in_batch=None):
        if not _is_unknown(model) and model is not None:
            model.train()
        loss = _call(self.compute_loss, model, self._prepare_inputs(inputs))
        loss.backward()
        return loss.detach()
    def prediction_step(self, model, inputs, prediction_loss_only, ignore_keys=None):
        loss = _call(self.compute_loss, model, self._prepare_inputs(inputs), return_outputs=True)
        return loss, None, None
    def _batch(self, dataset, loader):
        """Items of the person's own dataset, collated as they say; else not known."""
        if _is_unknown(dataset) or dataset is None or self.data_collator is None:
            return _unknown('a batch')
        return next(iter(loader()), _unknown('a batch'))
    def train(self, resume_from_checkpoint=None, trial=None, ignore_keys_for_eval=None, **options):
        if not _exploring():
            return _untold('Trainer.train')
        self.create_optimizer_and_scheduler(1)
        self.training_step(self.model, self._batch(self.train_dataset, self.get_train_dataloader))
        return _unknown('what Trainer.train gives')
    def evaluate(self, eval_dataset=None, ignore_keys=None, metric_key_prefix='eval'):
        if not _exploring():
            return _untold('Trainer.evaluate')
        self.prediction_step(self.model, self._batch(eval_dataset, self.get_eval_dataloader), False)
        return _unknown('what Trainer.evaluate gives')
    def predict(self, test_dataset, ignore_keys=None, metric_key_prefix='test'):
        return _untold('Trainer.predict')

class Seq2SeqTrainer(Trainer):
    pass
`;

export const transformersSource = `
from transformers.training_args import IntervalStrategy, SchedulerType, Seq2SeqTrainingArguments, TrainingArguments
from transformers.hf_argparser import HfArgumentParser
from transformers.utils import ModelOutput

def set_seed(seed, deterministic=False):
    import torch
    torch.manual_seed(seed)

def enable_full_determinism(seed, warn_only=False):
    set_seed(seed)

# A Trainer brings torch with it: only who uses it waits for it.
def __getattr__(name):
    if name in ('Trainer', 'Seq2SeqTrainer'):
        import transformers.trainer as trainer
        return getattr(trainer, name)
    if name.startswith('__'):
        raise AttributeError(name)
    from _outside import unknown
    return unknown('transformers.' + name)
`;

/** The outputs of models: their fields in order, of which those that are None are left out. */
export const modelingOutputsSource = `
from transformers.utils import ModelOutput

def _output(name, fields):
    class Output(ModelOutput):
        def __init__(self, *args, **values):
            super().__init__({key: value for key, value in {**dict(zip(fields, args)), **values}.items() if value is not None})
        def __getattr__(self, name):
            if name in fields and name not in self.keys():
                return None
            return super().__getattr__(name)
    Output.__name__ = Output.__qualname__ = name
    return Output

_rest = ['hidden_states', 'attentions']
BaseModelOutput = _output('BaseModelOutput', ['last_hidden_state'] + _rest)
BaseModelOutputWithPooling = _output('BaseModelOutputWithPooling', ['last_hidden_state', 'pooler_output'] + _rest)
CausalLMOutput = _output('CausalLMOutput', ['loss', 'logits'] + _rest)
CausalLMOutputWithPast = _output('CausalLMOutputWithPast', ['loss', 'logits', 'past_key_values'] + _rest)
MaskedLMOutput = _output('MaskedLMOutput', ['loss', 'logits'] + _rest)
Seq2SeqLMOutput = _output('Seq2SeqLMOutput', ['loss', 'logits', 'past_key_values', 'decoder_hidden_states'])
SequenceClassifierOutput = _output('SequenceClassifierOutput', ['loss', 'logits'] + _rest)
TokenClassifierOutput = _output('TokenClassifierOutput', ['loss', 'logits'] + _rest)
MultipleChoiceModelOutput = _output('MultipleChoiceModelOutput', ['loss', 'logits'] + _rest)
QuestionAnsweringModelOutput = _output('QuestionAnsweringModelOutput', ['loss', 'start_logits', 'end_logits'] + _rest)
ImageClassifierOutput = _output('ImageClassifierOutput', ['loss', 'logits'] + _rest)
SemanticSegmenterOutput = _output('SemanticSegmenterOutput', ['loss', 'logits'] + _rest)
`;
