using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tallystick.Client;

/// <summary>The contract's JSON form: camelCase, generated at build time, the same for node and client.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NodeInfo))]
[JsonSerializable(typeof(PayRequest))]
[JsonSerializable(typeof(PayBatchRequest))]
[JsonSerializable(typeof(PayBatchResult))]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(Balances))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(Peers))]
[JsonSerializable(typeof(Nearby))]
[JsonSerializable(typeof(Peer))]
[JsonSerializable(typeof(AddPeerRequest))]
[JsonSerializable(typeof(AcceptPeerRequest))]
[JsonSerializable(typeof(RenamePeerRequest))]
[JsonSerializable(typeof(LimitRequest))]
[JsonSerializable(typeof(LimitResult))]
[JsonSerializable(typeof(ResetPreview))]
[JsonSerializable(typeof(ResetRequest))]
[JsonSerializable(typeof(ResetResult))]
[JsonSerializable(typeof(Proofs))]
[JsonSerializable(typeof(SettleRequest))]
[JsonSerializable(typeof(ModifyRequest))]
[JsonSerializable(typeof(AnswerRequest))]
[JsonSerializable(typeof(WithdrawRequest))]
[JsonSerializable(typeof(SettlementList))]
[JsonSerializable(typeof(SettlementDetail))]
[JsonSerializable(typeof(SettlementResult))]
[JsonSerializable(typeof(SplitResult))]
[JsonSerializable(typeof(FileProof))]
[JsonSerializable(typeof(SavedSettlement))]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ContractJson : JsonSerializerContext;
