/**
 * Lightning and accelerate around a loss. In an exploring run Trainer.fit calls the steps of the module once, with a batch of its loaders where these
 * are the person's, else with one that is not known.
 */
export const lightningSource = `
import torch
import torch.nn as nn
from _outside import call as _call, caller_arguments as _caller_arguments, exploring as _exploring, is_unknown as _is_unknown, positional as _positional, unknown as _unknown, untold as _untold

class AttributeDict(dict):
    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(f'Missing attribute "{name}"')
    def __setattr__(self, name, value):
        self[name] = value

def _tuned(name, otherwise):
    """What changes while a module is trained."""
    return _unknown(name) if _exploring() else otherwise

class _Hyperparameters:
    def save_hyperparameters(self, *args, ignore=None, frame=None, logger=True):
        given = _caller_arguments(self)
        skipped = [ignore] if isinstance(ignore, str) else list(ignore or [])
        if len(args) == 1 and not isinstance(args[0], str):
            source = args[0]
            kept = dict(source) if isinstance(source, dict) or hasattr(source, 'keys') else vars(source)
        elif args:
            kept = {name: given[name] for name in args if name in given}
        else:
            kept = given
        self.hparams.update({name: value for name, value in kept.items() if name not in skipped})
    @property
    def hparams(self):
        if '_hparams' not in self.__dict__:
            self.__dict__['_hparams'] = AttributeDict()
        return self.__dict__['_hparams']
    @hparams.setter
    def hparams(self, value):
        self.__dict__['_hparams'] = value if _is_unknown(value) else AttributeDict(value if isinstance(value, dict) else vars(value))
    @property
    def hparams_initial(self):
        return self.hparams

class LightningModule(_Hyperparameters, nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
        self.__dict__['_trainer'] = None
    @property
    def trainer(self):
        trainer = self.__dict__.get('_trainer')
        return _tuned('self.trainer', None) if trainer is None else trainer
    @property
    def current_epoch(self):
        return _tuned('self.current_epoch', 0)
    @property
    def global_step(self):
        return _tuned('self.global_step', 0)
    @property
    def device(self):
        return torch.device('cpu')
    @property
    def logger(self):
        return _tuned('self.logger', None)
    @property
    def global_rank(self):
        return 0
    @property
    def local_rank(self):
        return 0
    @property
    def automatic_optimization(self):
        return self.__dict__.get('_automatic', True)
    @automatic_optimization.setter
    def automatic_optimization(self, value):
        self.__dict__['_automatic'] = value
    def log(self, name, value, *args, **options):
        pass
    def log_dict(self, dictionary, *args, **options):
        pass
    def print(self, *args, **options):
        pass
    def all_gather(self, data, group=None, sync_grads=False):
        return data
    def manual_backward(self, loss, *args, **options):
        loss.backward()
    def optimizers(self, use_pl_optimizer=True):
        return _untold('self.optimizers()')
    def lr_schedulers(self):
        return _untold('self.lr_schedulers()')
    def toggle_optimizer(self, optimizer, optimizer_idx=None):
        pass
    def untoggle_optimizer(self, optimizer=None):
        pass
    def freeze(self):
        self.eval()
    def unfreeze(self):
        self.train()
    @classmethod
    def load_from_checkpoint(cls, checkpoint_path, map_location=None, hparams_file=None, strict=None, **options):
        return _untold(f'{cls.__name__}.load_from_checkpoint()')

class LightningDataModule(_Hyperparameters):
    trainer = None
    def prepare_data(self):
        pass
    def setup(self, stage=None):
        pass
    def teardown(self, stage=None):
        pass

class Callback:
    pass

def _given(method, *args):
    """A step takes as many arguments as it declares."""
    return _call(method, *args[:min(len(args), _positional(method))])

def _own(object, name):
    return getattr(object, name) if hasattr(type(object), name) else None

class Trainer:
    def __init__(self, *args, **options):
        self._options = options
        self.max_epochs = options.get('max_epochs')
        self.callbacks = options.get('callbacks') or []
        self.logger = options.get('logger')
        self.is_global_zero = True
        self.model = self.lightning_module = self.datamodule = None
    @property
    def global_step(self):
        return _tuned('trainer.global_step', 0)
    @property
    def current_epoch(self):
        return _tuned('trainer.current_epoch', 0)
    @property
    def estimated_stepping_batches(self):
        return _untold('trainer.estimated_stepping_batches')
    @property
    def callback_metrics(self):
        return _untold('trainer.callback_metrics')
    def _attach(self, model, datamodule, stage):
        self.model = self.lightning_module = model
        self.datamodule = datamodule
        if not _is_unknown(model):
            model.__dict__['_trainer'] = self
        for part in (datamodule, model):
            if part is None or _is_unknown(part):
                continue
            if part is datamodule:
                part.trainer = self
            for name in ('prepare_data', 'setup', 'configure_model'):
                hook = _own(part, name)
                if hook is not None:
                    _given(hook, *([stage] if name == 'setup' else []))
    def _batch(self, loaders, name):
        if _is_unknown(loaders):
            return _unknown('a batch')
        source = loaders
        if source is None and self.datamodule is not None and not _is_unknown(self.datamodule):
            source = self._loader(self.datamodule, name)
        if source is None:
            source = self._loader(self.model, name)
        if isinstance(source, (list, tuple)) and len(source) > 0:
            source = source[0]
        if source is None or _is_unknown(source) or isinstance(source, dict):
            return _unknown('a batch')
        return next(iter(source), _unknown('a batch'))
    def _loader(self, part, name):
        method = _own(part, name)
        return None if method is None else _call(method)
    def _run(self, kind, loaders, name, hooks):
        model = self.model
        step = _own(model, kind)
        if step is None:
            return
        for hook in hooks:
            method = _own(model, hook)
            if method is not None:
                _given(method)
        batch = self._batch(loaders, name)
        moved = _own(model, 'on_after_batch_transfer')
        if moved is not None:
            batch = _given(moved, batch, 0)
        outputs = _given(step, batch, 0, 0)
        ended = _own(model, kind + '_end')
        if ended is not None:
            _given(ended, outputs)
    def fit(self, model, train_dataloaders=None, val_dataloaders=None, datamodule=None, ckpt_path=None, train_dataloader=None, weights_only=None):
        if not _exploring():
            return _untold('Trainer.fit')
        if isinstance(train_dataloaders, LightningDataModule):
            train_dataloaders, datamodule = None, train_dataloaders
        self._attach(model, datamodule, 'fit')
        if _is_unknown(model):
            return
        configure = _own(model, 'configure_optimizers')
        if configure is not None:
            _given(configure)
        loaders = train_dataloaders if train_dataloader is None else train_dataloader
        self._run('training_step', loaders, 'train_dataloader', ['on_fit_start', 'on_train_start', 'on_train_epoch_start'])
        self._run('validation_step', val_dataloaders, 'val_dataloader', ['on_validation_start', 'on_validation_epoch_start'])
    def _evaluate(self, kind, model, dataloaders, datamodule, name, stage):
        if not _exploring():
            return _untold(f'Trainer.{stage}')
        self._attach(self.model if model is None else model, self.datamodule if datamodule is None else datamodule, stage)
        if self.model is not None and not _is_unknown(self.model):
            self._run(kind, dataloaders, name, [])
        return _unknown(f'what Trainer.{stage} gives')
    def validate(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None, weights_only=None):
        return self._evaluate('validation_step', model, dataloaders, datamodule, 'val_dataloader', 'validate')
    def test(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None, weights_only=None):
        return self._evaluate('test_step', model, dataloaders, datamodule, 'test_dataloader', 'test')
    def predict(self, model=None, dataloaders=None, datamodule=None, return_predictions=None, ckpt_path=None, weights_only=None):
        return _untold('Trainer.predict')
    def save_checkpoint(self, filepath, weights_only=None):
        pass

def seed_everything(seed=None, workers=False, verbose=True):
    if seed is not None:
        torch.manual_seed(seed)
    return seed
`;

export const accelerateSource = `
import torch
from _outside import exploring as _exploring, is_unknown as _is_unknown, untold as _untold

class _Nothing:
    def __enter__(self):
        return None
    def __exit__(self, *details):
        return None

class Accelerator:
    def __init__(self, *args, gradient_accumulation_steps=1, mixed_precision=None, **options):
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.mixed_precision = mixed_precision or 'no'
        self.device = torch.device('cpu')
        self.is_main_process = self.is_local_main_process = self.is_last_process = True
        self.num_processes = 1
        self.process_index = self.local_process_index = 0
        self.sync_gradients = True
        self.use_distributed = False
    def prepare(self, *args, device_placement=None):
        return args[0] if len(args) == 1 else args
    def prepare_model(self, model, **options):
        return model
    def prepare_optimizer(self, optimizer, **options):
        return optimizer
    def prepare_data_loader(self, data_loader, **options):
        return data_loader
    def prepare_scheduler(self, scheduler):
        return scheduler
    def backward(self, loss, **options):
        (loss / self.gradient_accumulation_steps if self.gradient_accumulation_steps != 1 else loss).backward()
    def accumulate(self, *models):
        return _Nothing()
    def autocast(self, *args):
        return _Nothing()
    def no_sync(self, model):
        return _Nothing()
    def main_process_first(self):
        return _Nothing()
    local_main_process_first = main_process_first
    def print(self, *args, **options):
        print(*args, **options)
    def unwrap_model(self, model, **options):
        return model
    def gather(self, tensor):
        return tensor
    def gather_for_metrics(self, input_data, use_gather_object=False):
        return input_data
    def reduce(self, tensor, reduction='sum', scale=1.0):
        return tensor
    def pad_across_processes(self, tensor, dim=0, pad_index=0, pad_first=False):
        return tensor
    def clip_grad_norm_(self, parameters, max_norm, norm_type=2):
        return torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    def clip_grad_value_(self, parameters, clip_value):
        pass
    def wait_for_everyone(self):
        pass
    def init_trackers(self, *args, **options):
        pass
    def log(self, *args, **options):
        pass
    def end_training(self):
        pass
    def free_memory(self, *objects):
        return objects
    def save_state(self, *args, **options):
        pass
    def save(self, *args, **options):
        pass
    def save_model(self, *args, **options):
        pass
    def register_for_checkpointing(self, *objects):
        pass
    def on_main_process(self, function=None):
        return function
    on_local_main_process = on_main_process
    def get_state_dict(self, model, unwrap=True):
        return model.state_dict()
`;
