"""Everything that can be done here, each with the sentence that the audit and the pages use."""

from enum import Enum

from babel.support import LazyProxy

from dispatch.i18n import lazy_gettext as _l


class Action(Enum):
    """An action; its value is its name in the audit and in the role table."""

    # Accounts and groups
    SIGN_OUT = "account:sign-out"
    CHANGE_OWN_ACCOUNT = "account:change-own"
    FINISH_SIGN_IN = "account:finish-sign-in"
    USE_RECOVERY_CODE = "account:use-recovery-code"
    ENROL = "account:enrol"
    LOCK_OWN_ACCOUNT = "account:lock-own"
    SEE_ACCOUNTS = "account:see"
    SUSPEND_ACCOUNT = "account:suspend"
    UNLOCK_ACCOUNT = "account:unlock"
    ASK_RENEWAL = "account:ask-renewal"
    SEE_FREEZE = "freeze:see"
    FREEZE = "freeze:begin"
    ASK_UNFREEZE = "freeze:ask-end"
    MAKE_GROUP = "group:make"
    SEE_GROUP = "group:see"
    CHANGE_GROUP = "group:change"
    INVITE_COORDINATOR = "group:invite-coordinator"
    INVITE_DRIVER = "group:invite-driver"
    SEE_GEOCODER = "geocoder:see"
    ALLOW_GEOCODER = "geocoder:allow"
    STOP_GEOCODER = "geocoder:stop"

    # What takes two persons, and what somebody has to look at
    SEE_MOTIONS = "motion:see"
    ASK_FOR_SECOND = "motion:ask"
    SECOND_MOTION = "motion:second"
    END_MOTION = "motion:end"
    SEE_ALARMS = "alarm:see"
    TAKE_ALARM = "alarm:take"

    # Families and places
    SEE_FAMILY = "family:see"
    CHANGE_FAMILY = "family:change"
    REVEAL_FAMILY = "family:reveal"
    SEE_PLACE = "place:see"
    CHANGE_PLACE = "place:change"
    READ_ADDRESS = "place:read-address"
    MEET_FAMILY = "family:meet"
    CALL_FAMILY = "family:call"
    NAVIGATE = "place:navigate"

    # A family and its own page
    SEE_OWN_FAMILY = "family:see-own"
    CONFIRM_RIDE = "ride:confirm"
    WITHDRAW_FAMILY = "family:withdraw"
    LEAVE_OWN_PAGE = "family:leave-page"
    GIVE_FAMILY_CODE = "family:give-code"
    END_FAMILY_PHONE = "family:end-phone"

    # A closed family, opened in need
    BREAK_GLASS = "glass:break"
    SEE_GLASS = "glass:see"
    READ_GLASS_REASON = "glass:read-reason"
    END_GLASS = "glass:end"
    REVIEW_GLASS = "glass:review"

    # Drivers
    SEE_DRIVER = "driver:see"
    CHANGE_DRIVER = "driver:change"
    CHANGE_AVAILABILITY = "driver:change-availability"
    CLEAR_DRIVER = "driver:clear-credential"
    DROP_OUT = "driver:drop-out"
    KEEP_FEED = "driver:keep-feed"
    CORRECT_DRIVEN = "driver:correct-driven"
    EXPORT_DRIVEN = "driver:export-driven"

    # Rides
    SEE_BOARD = "board:see"
    SUBMIT_REQUEST = "ride:request"
    SEE_RIDE = "ride:see"
    CHANGE_RIDE = "ride:change"
    CANCEL_RIDE = "ride:cancel"
    MARK_READY = "ride:mark-ready"
    REPORT_PROGRESS = "ride:report-progress"

    # Planning
    START_RUN = "run:start"
    SEE_RUN = "run:see"
    CANCEL_RUN = "run:cancel"
    APPROVE_PROPOSAL = "proposal:approve"
    DECLINE_PROPOSAL = "proposal:decline"
    ASSIGN_RIDE = "assignment:make"
    RELEASE_ASSIGNMENT = "assignment:release"
    SEE_OWN_RIDES = "assignment:see-own"
    ANSWER_OFFER = "assignment:answer"
    CLAIM_RIDE = "ride:claim"

    # What went wrong
    SEE_INCIDENTS = "incident:see"
    WRITE_INCIDENT = "incident:write"
    READ_INCIDENT = "incident:read"
    SETTLE_INCIDENT = "incident:settle"

    # What is kept, and for how long
    ERASE = "retention:erase"
    SEE_RETENTION = "retention:see"
    SEE_NUMBERS = "numbers:see"
    HOLD_FAMILY = "retention:hold"
    LEAVE = "account:leave"

    # Telling people, and spreadsheets
    SEE_MESSAGES = "message:see"
    MARK_TOLD = "message:mark-told"
    SEE_LOG = "log:see"
    IMPORT = "import:run"


SENTENCES: dict[Action, LazyProxy] = {
    Action.SIGN_OUT: _l("signed out"),
    Action.CHANGE_OWN_ACCOUNT: _l("changed the own account"),
    Action.FINISH_SIGN_IN: _l("gave the second proof at signing in"),
    Action.USE_RECOVERY_CODE: _l("signed in with a recovery code"),
    Action.ENROL: _l("set up or removed a passkey, an app for codes, or recovery codes"),
    Action.LOCK_OWN_ACCOUNT: _l("locked the own account"),
    Action.SEE_ACCOUNTS: _l("looked at the accounts"),
    Action.UNLOCK_ACCOUNT: _l("unlocked an account"),
    Action.ASK_RENEWAL: _l("asked for a new link for somebody who cannot sign in"),
    Action.SEE_FREEZE: _l("looked at whether the service is frozen"),
    Action.FREEZE: _l("froze the service"),
    Action.ASK_UNFREEZE: _l("asked to end the freeze"),
    Action.SUSPEND_ACCOUNT: _l("suspended or restored an account"),
    Action.MAKE_GROUP: _l("made a group"),
    Action.SEE_GROUP: _l("looked at a group"),
    Action.CHANGE_GROUP: _l("changed a group's settings"),
    Action.INVITE_COORDINATOR: _l("invited a coordinator"),
    Action.INVITE_DRIVER: _l("invited a driver"),
    Action.SEE_GEOCODER: _l("looked at which server is asked for addresses"),
    Action.ALLOW_GEOCODER: _l("allowed that a public server is asked for addresses"),
    Action.STOP_GEOCODER: _l("ended that a public server is asked for addresses"),
    Action.SEE_MOTIONS: _l("looked at what waits for a second person"),
    Action.ASK_FOR_SECOND: _l("asked for what takes two persons"),
    Action.SECOND_MOTION: _l("said yes as the second person"),
    Action.END_MOTION: _l("said no to what takes two persons"),
    Action.SEE_ALARMS: _l("looked at the alarms"),
    Action.TAKE_ALARM: _l("looked into an alarm"),
    Action.SEE_FAMILY: _l("looked at a family's record"),
    Action.CHANGE_FAMILY: _l("changed a family's record"),
    Action.REVEAL_FAMILY: _l("read a family's name, phone or address"),
    Action.SEE_PLACE: _l("looked at a place"),
    Action.CHANGE_PLACE: _l("changed a place"),
    Action.READ_ADDRESS: _l("read an address"),
    Action.MEET_FAMILY: _l("read whom to ask for"),
    Action.SEE_OWN_FAMILY: _l("opened its own page"),
    Action.CONFIRM_RIDE: _l("said yes to a ride"),
    Action.WITHDRAW_FAMILY: _l("withdrew a family"),
    Action.LEAVE_OWN_PAGE: _l("closed its own page"),
    Action.GIVE_FAMILY_CODE: _l("gave a family a code for its page"),
    Action.END_FAMILY_PHONE: _l("ended a family's code or phone"),
    Action.BREAK_GLASS: _l("opened a closed family in need"),
    Action.SEE_GLASS: _l("looked at what was opened in need"),
    Action.READ_GLASS_REASON: _l("read why a closed family was opened"),
    Action.END_GLASS: _l("closed again what was opened in need"),
    Action.REVIEW_GLASS: _l("reviewed what was opened in need"),
    Action.CALL_FAMILY: _l("read a family's phone number for a ride"),
    Action.NAVIGATE: _l("opened an address for a map app"),
    Action.SEE_DRIVER: _l("looked at a driver"),
    Action.CHANGE_DRIVER: _l("changed a driver's record"),
    Action.CHANGE_AVAILABILITY: _l("changed a driver's times"),
    Action.CLEAR_DRIVER: _l("recorded a driver's papers"),
    Action.DROP_OUT: _l("took a driver out of a day"),
    Action.KEEP_FEED: _l("changed the link for their calendar"),
    Action.CORRECT_DRIVEN: _l("corrected how far a ride was"),
    Action.EXPORT_DRIVEN: _l("exported how far drivers drove"),
    Action.SEE_BOARD: _l("looked at the board"),
    Action.SUBMIT_REQUEST: _l("entered a request"),
    Action.SEE_RIDE: _l("looked at a ride"),
    Action.CHANGE_RIDE: _l("changed a ride"),
    Action.CANCEL_RIDE: _l("cancelled a ride"),
    Action.MARK_READY: _l("said that a party is ready"),
    Action.REPORT_PROGRESS: _l("reported how a ride goes"),
    Action.START_RUN: _l("started a match run"),
    Action.SEE_RUN: _l("looked at a match run"),
    Action.CANCEL_RUN: _l("stopped a match run"),
    Action.APPROVE_PROPOSAL: _l("approved a proposal"),
    Action.DECLINE_PROPOSAL: _l("declined a proposal"),
    Action.ASSIGN_RIDE: _l("gave a ride to a driver"),
    Action.RELEASE_ASSIGNMENT: _l("took a ride back from a driver"),
    Action.SEE_OWN_RIDES: _l("looked at the own rides"),
    Action.ANSWER_OFFER: _l("answered an offer"),
    Action.CLAIM_RIDE: _l("raised the hand for a ride"),
    Action.SEE_INCIDENTS: _l("looked at the incidents"),
    Action.WRITE_INCIDENT: _l("wrote an incident down"),
    Action.READ_INCIDENT: _l("read what happened in an incident"),
    Action.SETTLE_INCIDENT: _l("settled an incident"),
    Action.ERASE: _l("erased a family or an account whose time was over"),
    Action.SEE_RETENTION: _l("looked at what is kept and for how long"),
    Action.SEE_NUMBERS: _l("looked at the rides in numbers"),
    Action.HOLD_FAMILY: _l("asked for a legal hold on a family, or ended one"),
    Action.LEAVE: _l("asked that an account be erased"),
    Action.SEE_MESSAGES: _l("looked at the messages"),
    Action.MARK_TOLD: _l("marked somebody as told"),
    Action.SEE_LOG: _l("looked at who saw what"),
    Action.IMPORT: _l("imported a spreadsheet"),
}
