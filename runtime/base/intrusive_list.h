// A doubly linked list whose links live in the elements: no allocation, O(1) removal by element.
//
// An element derives from ListHook<Tag>, once per list it can be on. The list owns nothing; whoever
// destroys a linked element must unlink it first. Not thread safe: the owner of the list locks.
#ifndef LEAKBENCH_RUNTIME_BASE_INTRUSIVE_LIST_H_
#define LEAKBENCH_RUNTIME_BASE_INTRUSIVE_LIST_H_

namespace leakbench {

template <typename Tag>
class ListHook {
 public:
  ListHook() = default;
  ListHook(const ListHook&) = delete;
  ListHook& operator=(const ListHook&) = delete;

  bool is_linked() const { return next_ != nullptr; }

  // Takes the element off whichever list it is on; it must be on one.
  void unlink() {
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
  }

 private:
  template <typename T, typename U>
  friend class IntrusiveList;

  ListHook* previous_ = nullptr;
  ListHook* next_ = nullptr;
};

template <typename T, typename Tag>
class IntrusiveList {
  using Hook = ListHook<Tag>;

 public:
  IntrusiveList() { head_.previous_ = head_.next_ = &head_; }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;

  bool empty() const { return head_.next_ == &head_; }

  T* front() const { return empty() ? nullptr : static_cast<T*>(head_.next_); }

  // The element behind `element`, or nullptr at the end.
  T* after(const T& element) const {
    Hook* next = static_cast<const Hook&>(element).next_;
    return next == &head_ ? nullptr : static_cast<T*>(next);
  }

  void push_back(T& element) {
    Hook& hook = element;
    hook.previous_ = head_.previous_;
    hook.next_ = &head_;
    head_.previous_->next_ = &hook;
    head_.previous_ = &hook;
  }

  // The first element, unlinked, or nullptr.
  T* pop_front() {
    T* element = front();
    if (element != nullptr) static_cast<Hook*>(element)->unlink();
    return element;
  }

  // Moves all of `other` to the end of this list.
  void splice_back(IntrusiveList& other) {
    if (other.empty()) return;
    Hook* first = other.head_.next_;
    Hook* last = other.head_.previous_;
    first->previous_ = head_.previous_;
    head_.previous_->next_ = first;
    last->next_ = &head_;
    head_.previous_ = last;
    other.head_.previous_ = other.head_.next_ = &other.head_;
  }

 private:
  Hook head_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_BASE_INTRUSIVE_LIST_H_
